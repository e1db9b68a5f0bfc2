package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

class SystemNetworkTest {

    private static final Duration MOMENT = Duration.ofMillis(20);

    @Test
    void findsTheLocalMachine() throws Exception {
        assertThat(Network.system(Runnable::run).addresses("localhost", MOMENT))
                .isNotEmpty()
                .allMatch(InetAddress::isLoopbackAddress);
    }

    @Test
    void saysThatANameIsUnknown() {
        // The name's form is refused before any server is asked.
        assertThatThrownBy(() -> Network.system(Runnable::run).addresses("a b", MOMENT))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void leavesASilentLookupBehindAndSharesItAmongAllWhoAsk() throws Exception {
        List<Runnable> stuck = new ArrayList<>();
        Network network = Network.system(stuck::add);
        assertThatThrownBy(() -> network.addresses("localhost", MOMENT))
                .isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> network.addresses("localhost", MOMENT))
                .isInstanceOf(TimeoutException.class);
        assertThat(stuck).hasSize(1);

        stuck.getFirst().run();
        assertThatThrownBy(() -> network.addresses("localhost", MOMENT))
                .isInstanceOf(TimeoutException.class);
        assertThat(stuck).as("a new look-up after the end of the other").hasSize(2);
    }

    @Test
    void takesAnEchoThatDoesNotReturnForNone() throws InterruptedException {
        Network network = Network.system(_ -> {});
        assertThat(network.echo(InetAddress.getLoopbackAddress(), MOMENT)).isFalse();
    }

    @Test
    void failsALookupWithoutAThreadAndCanTryAgain() {
        Network network =
                Network.system(
                        _ -> {
                            throw new RejectedExecutionException("no thread");
                        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> network.addresses("localhost", MOMENT))
                    .isInstanceOf(UnknownHostException.class);
        }
    }
}
