package io.weir.rest;

import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.users.Accounts;
import io.weir.admin.users.Gatekeeper;
import io.weir.admin.users.PasswordCheck;
import io.weir.alert.Action;
import io.weir.alert.Alerting;
import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.control.Audit;
import io.weir.control.Author;
import io.weir.control.Control;
import io.weir.control.ExtensionContext;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingPlane;
import io.weir.control.Users;
import io.weir.control.managed.ManagedSource;
import io.weir.control.store.AccountStore;
import io.weir.control.store.Directories;
import io.weir.control.store.OverlayStore;
import io.weir.event.BoundedEventBus;
import io.weir.metrics.Metrics;
import io.weir.testkit.AdminDoor;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.Await;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * The REST API over a managed store with an event log, and {@code root} signed in. Other handlers
 * may be mounted on its {@code door}.
 */
public final class RestRig {

    public static final Author ROOT = new Author("root", Author.Channel.COMMAND_LINE, "");
    public static final String PASSWORD = "correct horse battery";

    public final ManualTicker ticker = new ManualTicker();
    final BoundedEventBus events = BoundedEventBus.start(ticker);
    final Directories directories;
    public final Control control;
    public final Users users;
    public final AdminDoor door;
    final List<Operation> operations;
    final String root;
    private final Alerting alerting;
    private @Nullable RecordingPlane plane;

    /** Starts all of it, with its files in {@code state}. */
    public RestRig(Path state) throws Exception {
        SecureRandom random = new SecureRandom();
        directories = new Directories(state, state, state.resolve("log"));
        control =
                Control.start(
                        new ManagedSource(state.resolve("store"), Map.of(), new Random(), ticker),
                        this::starting,
                        new OverlayStore(state),
                        null,
                        Audit.in(state.resolve("audit"), ticker),
                        events,
                        ticker);
        alerting =
                Alerting.start(
                        events,
                        List.of(
                                Action.eventLog(
                                        directories.log(),
                                        control.config().global().eventLog(),
                                        ticker)));
        Accounts accounts = Accounts.open(new AccountStore(state), events, ticker, random);
        PasswordCheck passwords = new PasswordCheck(accounts, events, ticker, random, delay -> {});
        users = new Users(accounts, passwords, control.audit());
        users.add("root", PASSWORD, List.of("admin"), ROOT);
        root = users.addToken("root", "", List.of(), null, ROOT);
        door = AdminDoor.open(new Gatekeeper(accounts, passwords, ticker), state);
        operations =
                Api.operations(
                        new ExtensionContext(
                                control,
                                events,
                                ticker,
                                directories,
                                new Metrics(1),
                                door.server(),
                                users));
        door.server()
                .mount(
                        "/api",
                        new Router(operations, control.audit()),
                        new MountOptions(1 << 20, SignIn.SESSION_OR_TOKEN));
        // Whoever reads what happens from now on does not read of the first user.
        Path log = directories.log().resolve(control.config().global().eventLog());
        String latest = events.recent(1).getFirst().text();
        Await.until(
                "the log to have: " + latest,
                () -> Files.exists(log) && Files.readString(log).contains(latest));
    }

    private RecordingPlane starting(WeirConfig config, Overlay overlay) {
        RecordingPlane started = new RecordingPlane(config, overlay);
        plane = started;
        return started;
    }

    /** What stands in for the traffic. */
    public RecordingPlane plane() {
        return Objects.requireNonNull(plane);
    }

    /** Asks as root for something below {@code /api/v1/}. */
    Answer ask(String method, String target, String body) throws Exception {
        return door.ask(method, "/api/v1/" + target, bearer(), body);
    }

    /** What root reads there. */
    JsonNode get(String target) throws Exception {
        return JsonMapper.shared().readTree(ask("GET", target, "").body());
    }

    String bearer() {
        return "Authorization: Bearer " + root + "\r\n";
    }

    /** Ends all of it. */
    public void close() throws Exception {
        door.close();
        alerting.stop(Duration.ofSeconds(30));
        events.close();
    }
}
