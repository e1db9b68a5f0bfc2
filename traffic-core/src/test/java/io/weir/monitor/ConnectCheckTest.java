package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.MonitorConfig.Connect;
import io.weir.config.NodeAddress;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ConnectCheckTest {

    private static final Connect CONNECT = new Connect();

    @Test
    void passesWhenTheNodeAccepts() {
        try (ScriptedNode node = ScriptedNode.running(ScriptedNode.silent())) {
            assertThat(Trial.pass(CONNECT, node.address()))
                    .isEqualTo(node.address() + " accepted a connection");
        }
    }

    @Test
    void namesTheAddressThatRefuses() {
        try (ScriptedNode node = ScriptedNode.refusing()) {
            assertThat(Trial.cause(CONNECT, node.address()))
                    .isEqualTo(node.address() + " refused the connection");
        }
    }

    @Test
    void failsInTimeWhenNobodyTakesTheConnection() throws IOException {
        try (FullBacklog full = new FullBacklog()) {
            assertThat(Trial.causeAfterTimeout(CONNECT, full.address()))
                    .startsWith("no connection to " + full.address() + " within ");
        }
    }

    @Test
    void namesTheNameThatIsNotFound() {
        assertThat(Trial.cause(CONNECT, new NodeAddress("nowhere.example", 80)))
                .isEqualTo("name nowhere.example not found");
    }

    @Test
    void triesEachAddressOfANameUntilOneAccepts() throws IOException {
        try (ScriptedNode node = ScriptedNode.running(ScriptedNode.silent())) {
            Network network =
                    new Trial.Names(
                            Map.of(
                                    "app.example",
                                    List.of(
                                            InetAddress.ofLiteral("127.0.0.9"),
                                            InetAddress.ofLiteral("127.0.0.1"))));
            NodeAddress named = new NodeAddress("app.example", node.address().port());
            assertThat(Trial.run(CONNECT, named, Trial.LONG, network))
                    .isEqualTo(CheckResult.passed(node.address() + " accepted a connection"));
        }
    }

    @Test
    void leavesTimeForTheOtherAddressesOfAName() throws IOException {
        try (FullBacklog full = new FullBacklog();
                ServerSocket other =
                        new ServerSocket(
                                full.address().port(), 10, InetAddress.ofLiteral("127.0.0.3"))) {
            Network network =
                    new Trial.Names(
                            Map.of(
                                    "app.example",
                                    List.of(
                                            InetAddress.ofLiteral("127.0.0.1"),
                                            other.getInetAddress())));
            NodeAddress named = new NodeAddress("app.example", other.getLocalPort());
            assertThat(Trial.run(CONNECT, named, Duration.ofSeconds(3), network).ok()).isTrue();
        }
    }

    /** A listener that takes no further connections: the kernel ignores attempts. */
    static final class FullBacklog implements AutoCloseable {

        private final ServerSocket server;
        private final List<Socket> waiting = new ArrayList<>();

        FullBacklog() throws IOException {
            server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
            while (fits()) {}
        }

        private boolean fits() throws IOException {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
                return true;
            } catch (SocketTimeoutException _) {
                return false;
            }
        }

        NodeAddress address() {
            return new NodeAddress("127.0.0.1", server.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
            server.close();
        }
    }
}
