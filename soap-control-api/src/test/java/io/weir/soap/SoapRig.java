package io.weir.soap;

import io.weir.admin.AdminMounts;
import io.weir.admin.users.Accounts;
import io.weir.admin.users.PasswordCheck;
import io.weir.config.Overlay;
import io.weir.config.load.ConfigLoader;
import io.weir.control.Audit;
import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.ConfigSource;
import io.weir.control.Control;
import io.weir.control.DataPlaneStarter;
import io.weir.control.Edit;
import io.weir.control.ExtensionContext;
import io.weir.control.NamedBackups;
import io.weir.control.RecordingPlane;
import io.weir.control.RefusedException;
import io.weir.control.Users;
import io.weir.control.managed.ManagedSource;
import io.weir.control.store.AccountStore;
import io.weir.control.store.Directories;
import io.weir.control.store.OverlayStore;
import io.weir.event.BoundedEventBus;
import io.weir.launcher.process.FileSource;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.pool.NodeNames;
import io.weir.runtime.DataPlane;
import io.weir.runtime.WeirRuntime;
import io.weir.soap.call.Dispatcher;
import io.weir.soap.call.Peer;
import io.weir.soap.call.Services;
import io.weir.soap.cxf.CxfEndpoint;
import io.weir.soap.operations.AllOperations;
import io.weir.soap.table.Tables;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A Weir in this process with the SOAP endpoint in front of it, called without a network. */
final class SoapRig implements AutoCloseable {

    static final Peer ADMIN =
            new Peer(
                    new Author("admin", Author.Channel.SOAP, "127.0.0.1", true),
                    (section, access) -> true);

    private static final Tables TABLES = Tables.load();

    final Control control;
    final Dispatcher dispatcher;
    final CxfEndpoint endpoint;
    final Metrics metrics = new Metrics(Runtime.getRuntime().availableProcessors());
    private final BoundedEventBus events;
    private final Services services;

    private SoapRig(Path directory, ConfigSource source, @Nullable DataPlaneStarter planes)
            throws IOException, RefusedException {
        Ticker ticker = Ticker.system();
        events = BoundedEventBus.start(ticker);
        Path logs = Files.createDirectories(directory.resolve("log"));
        Path state = Files.createDirectories(directory.resolve("state"));
        NodeNames names =
                NodeNames.of(Map.of("localhost", List.of(InetAddress.getLoopbackAddress())));
        AccessLogs accessLogs = new AccessLogs(logs, ticker, events);
        control =
                Control.start(
                        source,
                        planes == null
                                ? (config, overlay) -> {
                                    DataPlane plane =
                                            new WeirRuntime(
                                                    config.global(),
                                                    new WeirRuntime.Services(
                                                            ticker,
                                                            events,
                                                            metrics,
                                                            accessLogs,
                                                            names));
                                    plane.apply(config, Overlay.EMPTY);
                                    return plane;
                                }
                                : planes,
                        new OverlayStore(state),
                        null,
                        Audit.in(directory.resolve("audit"), ticker),
                        events,
                        ticker);
        services =
                new Services(
                        control,
                        events,
                        ticker,
                        new Directories(
                                Files.createDirectories(directory.resolve("run")), state, logs),
                        metrics,
                        users(control, state),
                        new NamedBackups(control, state, "1.0"));
        dispatcher = new Dispatcher(TABLES, AllOperations.of(TABLES), services);
        endpoint = CxfEndpoint.start(dispatcher);
    }

    /** A Weir that owns its configuration, which is {@code yaml} at the beginning. */
    static SoapRig managed(Path directory, String yaml) throws IOException, RefusedException {
        return managed(directory, yaml, null);
    }

    /** The same without traffic, so that rules need no engine. */
    static SoapRig withoutTraffic(Path directory, String yaml)
            throws IOException, RefusedException {
        return managed(directory, yaml, RecordingPlane::new);
    }

    private static SoapRig managed(Path directory, String yaml, @Nullable DataPlaneStarter planes)
            throws IOException, RefusedException {
        SoapRig rig =
                new SoapRig(
                        directory,
                        new ManagedSource(
                                directory.resolve("store"),
                                Map.of(),
                                new Random(1),
                                Ticker.system()),
                        planes);
        ObjectNode document =
                ConfigLoader.parse(
                                yaml,
                                Path.of("test.yaml"),
                                new io.weir.config.load.Environment(Map.of(), Path.of("none")))
                        .document()
                        .json();
        rig.control.change(Change.of(new Edit.Put(List.of(), document)), Author.WEIR);
        return rig;
    }

    /** A Weir whose configuration belongs to a file. */
    static SoapRig files(Path directory, String yaml) throws IOException, RefusedException {
        Path file = Files.writeString(directory.resolve("weir.yaml"), yaml);
        return new SoapRig(directory, new FileSource(file, Map.of()), null);
    }

    /** What an extension is given to start with. */
    ExtensionContext context(AdminMounts admin) {
        return new ExtensionContext(
                control,
                services.events(),
                services.ticker(),
                services.directories(),
                services.metrics(),
                admin,
                services.users());
    }

    private Users users(Control of, Path state) {
        SecureRandom random = new SecureRandom();
        Accounts accounts = Accounts.open(new AccountStore(state), events, Ticker.system(), random);
        return new Users(
                accounts,
                new PasswordCheck(accounts, events, Ticker.system(), random, Thread::sleep),
                of.audit());
    }

    /**
     * Sends an envelope with this body; an NS between two at signs stands for the interface's
     * namespace.
     */
    String body(String apiName, String body) {
        String namespace = TABLES.newest(apiName).namespace();
        return send(
                """
                <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
                    xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
                    xmlns:xsd="http://www.w3.org/2001/XMLSchema"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
                  <soap:Body>%s</soap:Body>
                </soap:Envelope>
                """
                        .formatted(body.replace("@NS@", namespace)));
    }

    /** Sends a whole message. */
    String send(String message) {
        return new String(
                endpoint.call(message.getBytes(StandardCharsets.UTF_8), null, ADMIN).body(),
                StandardCharsets.UTF_8);
    }

    /** Calls an operation with parameters that are written as elements. */
    String call(String operation, String... parameters) {
        int dot = operation.lastIndexOf('.');
        return body(
                operation.substring(0, dot),
                "<n:%1$s xmlns:n=\"@NS@\">%2$s</n:%1$s>"
                        .formatted(operation.substring(dot + 1), String.join("", parameters)));
    }

    /** What an operation answers, as text; see {@link Answers#texts}. */
    String items(String operation, String... parameters) {
        return Answers.texts(call(operation, parameters));
    }

    /** The typed fault that an operation answers; see {@link Answers#fault}. */
    String fault(String operation, String... parameters) {
        return Answers.fault(call(operation, parameters));
    }

    /** A parameter that is a list of texts. */
    static String list(String... items) {
        StringBuilder out = new StringBuilder("<p>");
        for (String item : items) {
            out.append("<i>").append(item).append("</i>");
        }
        return out.append("</p>").toString();
    }

    /** A parameter that is a list of lists; each is written with commas. */
    static String lists(String... lists) {
        StringBuilder out = new StringBuilder("<p>");
        for (String each : lists) {
            out.append(list(each.isEmpty() ? new String[0] : each.split(",", -1)));
        }
        return out.append("</p>").toString();
    }

    @Override
    public void close() {
        endpoint.close();
        control.stop(Duration.ZERO, Author.WEIR);
        events.close();
    }
}
