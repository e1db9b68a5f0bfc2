package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.event.BoundedEventBus;
import io.weir.event.EventBus;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.pool.NodeNames;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A part of Weir fails while a configuration is put in force. */
class FailedApplyTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private final FakeNode old = FakeNode.answering("old");
    private final FakeNode next = FakeNode.answering("next");

    /** Nobody listens there, and nobody but who asks for its port gets it. */
    private final FakeNode place = FakeNode.refusing("place");

    private final BoundedEventBus events = BoundedEventBus.start(Ticker.system());
    private final FailingNames names = new FailingNames();
    private final WeirRuntime runtime;

    FailedApplyTest(@TempDir Path logs) {
        this.runtime =
                new WeirRuntime(
                        config("", old).global(),
                        new WeirRuntime.Services(
                                Ticker.system(),
                                events,
                                new Metrics(2),
                                new AccessLogs(logs, Ticker.system(), events),
                                names));
    }

    @AfterEach
    void stop() throws Exception {
        runtime.stop(Duration.ZERO);
        events.close();
        old.close();
        next.close();
        place.close();
    }

    /** Names of which a look-up fails as no look-up should. */
    private static final class FailingNames implements NodeNames {
        private final NodeNames fixed =
                NodeNames.of(Map.of("localhost", List.of(InetAddress.getLoopbackAddress())));
        private @Nullable RuntimeException failure;

        @Override
        public EventBus.Subscription follow(String host, Listener listener) {
            return fixed.follow(host, listener);
        }

        @Override
        public boolean settle(Duration atMost) {
            RuntimeException now = failure;
            failure = null;
            if (now != null) {
                throw now;
            }
            return true;
        }
    }

    @Test
    void leavesWhatRunsAsItWasAndNothingInTheWayOfTheNextConfiguration() throws Exception {
        runtime.apply(config("", old), Overlay.EMPTY);
        int port = place.port();
        WeirConfig bad = config(place.address(), next);
        try (RawClient client = RawClient.to(address())) {
            assertThat(client.exchange(GET).field("X-Node")).isEqualTo("old");

            names.failure = new IllegalStateException("no look-up");
            assertThatThrownBy(() -> runtime.apply(bad, Overlay.EMPTY)).hasMessage("no look-up");

            assertThat(client.exchange(GET).field("X-Node")).isEqualTo("old");
        }
        assertThat(runtime.livePools()).containsOnlyKeys("shop");
        assertThat(runtime.status().revision()).isEqualTo(1);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);

        assertThat(runtime.apply(bad, Overlay.EMPTY).applied()).isTrue();
        try (RawClient client = RawClient.to(address());
                RawClient other = RawClient.to(place.address())) {
            assertThat(client.exchange(GET).field("X-Node")).isEqualTo("next");
            assertThat(other.exchange(GET).field("X-Node")).isEqualTo("next");
        }
    }

    private String address() {
        return runtime.status().virtualServers().getFirst().listen().getFirst();
    }

    /** The virtual server web and perhaps another one, with pools of one node. */
    private static WeirConfig config(String other, FakeNode node) {
        boolean more = !other.isEmpty();
        String text =
                "virtual-servers:\n  web: {listen: '127.0.0.1:0', pool: shop}\n"
                        + (more ? "  other: {listen: '" + other + "', pool: added}\n" : "")
                        + "pools:\n  shop: {nodes: ['"
                        + node.address()
                        + "']}\n"
                        + (more ? "  added: {nodes: ['" + node.address() + "']}\n" : "")
                        + "global: {event-loops: 2}\n";
        return Objects.requireNonNull(
                ConfigLoader.parse(
                                text,
                                Path.of("test.yaml"),
                                new Environment(Map.of(), Path.of("no-secrets")))
                        .config());
    }
}
