package io.weir.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.ActionConfig;
import io.weir.config.EventTypeConfig;
import io.weir.config.NodeAddress;
import io.weir.control.ActionStatus;
import io.weir.event.BoundedEventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.event.Severity;
import io.weir.testkit.Await;
import io.weir.testkit.HttpReceiver;
import io.weir.time.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Of every kind of receiver a dead one and a slow one, each beside a good one. */
class SullenReceiversTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir Path directory;

    private final BoundedEventBus bus = BoundedEventBus.start(Ticker.system());
    private final HttpReceiver good = HttpReceiver.start();
    private final List<Socket> held = new CopyOnWriteArrayList<>();
    private ConfiguredActions actions;
    private ServerSocket server;
    private volatile boolean closes;

    @BeforeEach
    void open() throws IOException {
        actions =
                ConfiguredActions.start(
                        bus, directory, directory.resolve("alerts"), "machine", Ticker.system());
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        for (Socket each : held) {
            each.close();
        }
        actions.stop(DEADLINE);
        good.close();
        bus.close();
    }

    /** Either cuts every connection or lets it wait for ever. */
    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                held.add(client);
                if (closes) {
                    client.setSoLinger(true, 0);
                    client.close();
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private ActionConfig.Delivery delivery(String kind) throws IOException {
        NodeAddress address = new NodeAddress("127.0.0.1", server.getLocalPort());
        String url = "http://" + address + "/";
        return switch (kind) {
            case "mail", "mail over TLS" ->
                    new ActionConfig.Mail(
                            address,
                            List.of("ops@example.com"),
                            null,
                            kind.equals("mail")
                                    ? ActionConfig.Mail.Security.NONE
                                    : ActionConfig.Mail.Security.STARTTLS,
                            null,
                            null,
                            Duration.ofMillis(1),
                            null);
            case "syslog over UDP", "syslog over TCP", "syslog over TLS" ->
                    new ActionConfig.Syslog(
                            address,
                            ActionConfig.Syslog.Transport.valueOf(
                                    kind.substring(kind.length() - 3)),
                            ActionConfig.Syslog.Facility.DAEMON,
                            2048,
                            null);
            case "trap v2c", "trap v3" ->
                    new ActionConfig.SnmpTrap(
                            address,
                            kind.equals("trap v3")
                                    ? ActionConfig.SnmpTrap.Version.V3
                                    : ActionConfig.SnmpTrap.Version.V2C,
                            null,
                            kind.equals("trap v3") ? "weir" : null,
                            ActionConfig.SnmpTrap.Auth.SHA256,
                            null,
                            ActionConfig.SnmpTrap.Privacy.AES128,
                            null);
            case "soap" -> new ActionConfig.Soap(url, null, null, "", null);
            case "webhook" -> webhook(url);
            case "log" -> {
                Files.createDirectories(directory.resolve("taken.log"));
                yield new ActionConfig.Log("taken.log");
            }
            case "program" ->
                    closes
                            ? new ActionConfig.Program("/nonexistent/program", List.of())
                            : new ActionConfig.Program("/bin/sleep", List.of("3600"));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static ActionConfig.Webhook webhook(String url) {
        return new ActionConfig.Webhook(
                url,
                null,
                ActionConfig.Webhook.Format.GENERIC,
                "{{text}}",
                "text/plain",
                List.of(),
                null,
                null,
                null);
    }

    private static ActionConfig action(String name, Duration timeout, ActionConfig.Delivery way) {
        return new ActionConfig(name, timeout, 10, false, null, way);
    }

    private ActionStatus status(String name) {
        return actions.list().stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
    }

    /** Nobody can tell of datagrams, and of what is sent without being answered, where they end. */
    @ParameterizedTest
    @CsvSource({
        "mail, true, true",
        "mail, false, true",
        "mail over TLS, true, true",
        "mail over TLS, false, true",
        "soap, true, true",
        "soap, false, true",
        "webhook, true, true",
        "webhook, false, true",
        "syslog over UDP, true, false",
        "syslog over TCP, true, false",
        "syslog over TCP, false, false",
        "syslog over TLS, true, true",
        "syslog over TLS, false, true",
        "trap v2c, true, false",
        "trap v3, true, false",
        "log, true, true",
        "program, true, true",
        "program, false, true"
    })
    void delaysNobodyAndIsTold(String kind, boolean dead, boolean noticed) throws Exception {
        closes = dead;
        List<ActionConfig> both = new ArrayList<>();
        both.add(action("sullen", Duration.ofMillis(500), delivery(kind)));
        both.add(action("good", DEADLINE, webhook(good.url("/"))));
        actions.apply(
                List.of(
                        new EventTypeConfig(
                                "all",
                                List.of("pools/*"),
                                List.of(),
                                Severity.INFO,
                                List.of(),
                                List.of(),
                                null,
                                List.of("sullen", "good"),
                                null)),
                both);
        bus.emit(EventTag.NODEFAIL, "one", ObjectRef.pool("web"));
        bus.emit(EventTag.POOLDIED, "two", ObjectRef.pool("web"));

        assertThat(good.await(2)).extracting(HttpReceiver.Received::body).contains("one", "two");
        assertThat(status("good").trouble()).isNull();
        if (noticed) {
            Await.until("its trouble is told", () -> status("sullen").trouble() != null);
            assertThat(status("sullen").sent()).isZero();
        }
    }
}
