package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.MonitorConfig.Probe;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs built-in checks as monitors do: each on a virtual thread, with a deadline for the test. */
final class Trial {

    /** Short, for nodes that never answer as they should. */
    static final Duration SHORT = Duration.ofMillis(300);

    /** Never reached on the way to a result that does not depend on the time-out. */
    static final Duration LONG = Duration.ofSeconds(30);

    /** Far beyond every time-out that a test lets pass. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Trial() {}

    static CheckResult run(Probe probe, NodeAddress node) {
        return run(probe, node, LONG);
    }

    static CheckResult run(Probe probe, NodeAddress node, Duration timeout) {
        return run(probe, node, timeout, new Names(Map.of()));
    }

    static CheckResult run(Probe probe, NodeAddress node, Duration timeout, Network network) {
        Check check = Check.of(probe, network, Ticker.system());
        CompletableFuture<CheckResult> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                result.complete(check.run(node, timeout));
                            } catch (InterruptedException | RuntimeException e) {
                                result.completeExceptionally(e);
                            }
                        });
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no result of " + probe + " within " + PATIENCE, e);
        }
    }

    /** Runs a check that must use up {@link #SHORT} and fail. */
    static String causeAfterTimeout(Probe probe, NodeAddress node) {
        long start = System.nanoTime();
        CheckResult result = run(probe, node, SHORT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT);
        assertThat(result.ok()).as(result.text()).isFalse();
        return result.text();
    }

    static String cause(Probe probe, NodeAddress node) {
        CheckResult result = run(probe, node);
        assertThat(result.ok()).as(result.text()).isFalse();
        return result.text();
    }

    static String pass(Probe probe, NodeAddress node) {
        CheckResult result = run(probe, node);
        assertThat(result.ok()).as(result.text()).isTrue();
        return result.text();
    }

    /** A network that knows a few names and may not send echoes. */
    record Names(Map<String, List<InetAddress>> known) implements Network {
        @Override
        public List<InetAddress> addresses(String name, Duration within)
                throws UnknownHostException {
            List<InetAddress> found = known.get(name);
            if (found == null) {
                throw new UnknownHostException(name);
            }
            return found;
        }

        @Override
        public boolean mayEcho() {
            return false;
        }

        @Override
        public boolean echo(InetAddress address, Duration within) {
            throw new AssertionError("may not send echoes");
        }
    }
}
