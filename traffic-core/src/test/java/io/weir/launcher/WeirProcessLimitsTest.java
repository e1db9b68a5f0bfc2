package io.weir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.demo.DemoNode;
import io.weir.testkit.Await;
import io.weir.testkit.RawClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a Weir in a process of its own does when the machine gives it less than it wants. */
class WeirProcessLimitsTest {

    private static final int HANDLES = 256;
    private static final int CLIENTS = 400;
    private static final String GET = get("/");

    @TempDir Path home;

    private final List<RawClient> crowd = new ArrayList<>();
    private DemoNode node;
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        node = DemoNode.start("one", Duration.ofSeconds(1));
        file = home.resolve("weir.yaml");
    }

    @AfterEach
    void end() throws IOException {
        crowd.forEach(RawClient::close);
        node.close();
    }

    @Test
    void servesThoseItHasWhenFileHandlesRunOutAndRecoversWhenClientsLeave() throws Exception {
        write("127.0.0.1:0");
        try (WeirProcess weir =
                WeirProcess.startWithHandles(HANDLES, home, "run", file.toString())) {
            weir.awaitOutput("ready after");
            try (RawClient old = RawClient.to(weir.port())) {
                assertThat(old.exchange(GET).status()).isEqualTo(200);
                for (int i = 0; i < CLIENTS; i++) {
                    crowd.add(RawClient.to(weir.port()).send(get("/slow?ms=500")));
                }
                Await.until(
                        "file handles to be few",
                        () -> weir.command("events").out().contains("fewfreefds"));

                Await.quick(
                        "what Weir does in two seconds in which nothing happens",
                        Duration.ofSeconds(1),
                        () -> cpuTimeOf(weir, old, "/slow?ms=2000"));
                for (int i = 0; i < 20; i++) {
                    assertThat(old.exchange(GET).status()).isEqualTo(200);
                }
                assertThat(weir.command("status").out()).contains("Weir is ready");
                assertThat(crowd.stream().filter(c -> !c.nothingMore()).count())
                        .as("clients that were let in")
                        .isBetween(16L, (long) HANDLES);

                crowd.forEach(RawClient::reset);
                try (RawClient late = RawClient.to(weir.port())) {
                    assertThat(late.exchange(GET).status()).isEqualTo(200);
                }
                assertThat(old.exchange(GET).status()).isEqualTo(200);
                assertThat(weir.command("events").out())
                        .as("a lack of Weir's own is not the node's fault")
                        .doesNotContain("nodefail");
            }
            weir.signal("TERM");
            assertThat(weir.exitCode()).isZero();
        }
    }

    private static Duration cpuTimeOf(WeirProcess weir, RawClient client, String path) {
        Duration before = weir.cpuTime();
        assertThat(client.exchange(get(path)).status()).isEqualTo(200);
        return weir.cpuTime().minus(before);
    }

    @Test
    void saysWhichAddressItCannotHave() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            write(address);
            try (WeirProcess weir = WeirProcess.start(home, "run", file.toString())) {
                assertThat(weir.exitCode()).isEqualTo(1);
                assertThat(weir.out()).isEmpty();
                assertThat(weir.err())
                        .contains("weir: ")
                        .contains("virtual-servers/web")
                        .contains("cannot listen on " + address)
                        .contains("in use");
            }
        }
    }

    @Test
    void tellsThePlaceOfAMistake() throws Exception {
        Files.writeString(file, "virtual-servers:\n  web:\n    listen: :8080\n    pol: [a:80]\n");
        try (WeirProcess weir = WeirProcess.start(home, "check", file.toString())) {
            assertThat(weir.exitCode()).isEqualTo(1);
            assertThat(weir.out()).contains(file + ":4:5: error WEIR-C0103").contains("pool");
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    private void write(String listen) throws IOException {
        Files.writeString(
                file,
                """
                virtual-servers:
                  web:
                    listen: %s
                    pool: [%s]
                    keepalive-timeout: 5m
                global:
                  metrics: 127.0.0.1:0
                  admin: off
                """
                        .formatted(listen, node.address()));
    }
}
