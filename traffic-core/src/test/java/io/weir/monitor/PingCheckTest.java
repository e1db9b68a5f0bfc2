package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.MonitorConfig.Ping;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class PingCheckTest {

    private static final Ping PING = new Ping();

    @Test
    void passesWithoutEchoesWhenTheNodeAccepts() {
        try (ScriptedNode node = ScriptedNode.running(ScriptedNode.silent())) {
            assertThat(Trial.pass(PING, node.address()))
                    .isEqualTo(node.address() + " accepted a connection");
        }
    }

    @Test
    void takesARefusalForALivingMachine() {
        try (ScriptedNode node = ScriptedNode.refusing()) {
            assertThat(Trial.pass(PING, node.address()))
                    .isEqualTo(node.address() + " refused the connection, so the machine is there");
        }
    }

    @Test
    void failsInTimeWithoutEchoesWhenNothingComesBack() throws IOException {
        try (ConnectCheckTest.FullBacklog full = new ConnectCheckTest.FullBacklog()) {
            assertThat(Trial.causeAfterTimeout(PING, full.address()))
                    .startsWith("no connection to " + full.address() + " within ");
        }
    }

    @Test
    void leavesTheVerdictToTheEchoWhereOneMayBeSent() {
        try (ScriptedNode node = ScriptedNode.running(ScriptedNode.silent())) {
            CheckResult silent = Trial.run(PING, node.address(), Trial.LONG, new Echoes(false));
            assertThat(silent.ok()).isFalse();
            assertThat(silent.text()).startsWith("no ICMP echo reply from 127.0.0.1 within ");
            assertThat(Trial.run(PING, node.address(), Trial.LONG, new Echoes(true)))
                    .isEqualTo(CheckResult.passed("127.0.0.1 sent an ICMP echo reply"));
            assertThat(node.accepted()).isZero();
        }
    }

    @Test
    void findsThisMachineInTheRealNetwork() throws InterruptedException {
        try (ExecutorService threads = Executors.newCachedThreadPool();
                ScriptedNode node = ScriptedNode.refusing()) {
            Check check = Check.of(PING, Network.system(threads), Ticker.system());
            assertThat(check.run(node.address(), Trial.LONG).ok()).isTrue();
            NodeAddress named = new NodeAddress("localhost", node.address().port());
            assertThat(check.run(named, Trial.LONG).ok()).isTrue();
        }
    }

    /** A network that may send echoes and always, or never, sees them answered. */
    private record Echoes(boolean answered) implements Network {
        @Override
        public List<InetAddress> addresses(String name, Duration within)
                throws UnknownHostException {
            throw new UnknownHostException(name);
        }

        @Override
        public boolean mayEcho() {
            return true;
        }

        @Override
        public boolean echo(InetAddress address, Duration within) {
            // A single address is given all the time that is left.
            assertThat(within).isBetween(Trial.LONG.dividedBy(2), Trial.LONG);
            return answered;
        }
    }
}
