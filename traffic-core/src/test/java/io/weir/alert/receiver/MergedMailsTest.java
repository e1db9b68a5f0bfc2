package io.weir.alert.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.alert.ConfiguredActions;
import io.weir.config.ActionConfig;
import io.weir.config.EventTypeConfig;
import io.weir.config.NodeAddress;
import io.weir.event.BoundedEventBus;
import io.weir.event.EventTag;
import io.weir.event.Severity;
import io.weir.testkit.Await;
import io.weir.testkit.ManualTicker;
import io.weir.time.Ticker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class MergedMailsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void aHundredEventsWithinTenSecondsMakeTwoMailsThatListThemAll() throws Exception {
        ManualTicker ticker = new ManualTicker();
        try (FakeSmtp server = new FakeSmtp(null, null);
                BoundedEventBus bus = BoundedEventBus.start(Ticker.system())) {
            ConfiguredActions actions =
                    ConfiguredActions.start(
                            bus, directory, directory.resolve("alerts"), "machine", ticker);
            actions.apply(List.of(everything()), List.of(mail(server.port())));
            bus.emit(EventTag.CONFMOD, "event number 0.");
            server.await(1);
            for (int i = 1; i < 100; i++) {
                bus.emit(EventTag.CONFMOD, "event number " + i + ".");
                ticker.advance(Duration.ofMillis(100));
            }
            assertThat(bus.flush(DEADLINE)).isTrue();
            Await.until("all wait", () -> actions.list().getFirst().queued() == 99);
            assertThat(server.mails()).hasSize(1);

            ticker.advance(Duration.ofSeconds(21));
            String all = server.await(2).get(0) + server.mails().get(1);
            for (int i = 0; i < 100; i++) {
                assertThat(all).contains("event number " + i + ".");
            }
            assertThat(actions.stop(DEADLINE)).isTrue();
            assertThat(server.mails()).hasSize(2);
        }
    }

    private static EventTypeConfig everything() {
        return new EventTypeConfig(
                "all",
                List.of("*"),
                List.of(),
                Severity.INFO,
                List.of(),
                List.of(),
                null,
                List.of("mail"),
                null);
    }

    private static ActionConfig mail(int port) {
        return new ActionConfig(
                "mail",
                DEADLINE,
                10,
                false,
                null,
                new ActionConfig.Mail(
                        new NodeAddress("127.0.0.1", port),
                        List.of("ops@example.com"),
                        null,
                        ActionConfig.Mail.Security.NONE,
                        null,
                        null,
                        Duration.ofSeconds(30),
                        null));
    }
}
