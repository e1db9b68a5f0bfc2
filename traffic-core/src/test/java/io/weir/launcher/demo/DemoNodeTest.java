package io.weir.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

class DemoNodeTest {

    private DemoNode node;

    @BeforeEach
    void start() throws IOException {
        node = DemoNode.start("node-1", Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
    }

    @Test
    void saysWhoItIs() throws IOException {
        assertThat(ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("node-1 at " + node.address());
    }

    @Test
    void answersWithAsManyBytesAsAreAskedForUpToAMebibyte() throws IOException {
        assertThat(ask("GET /bytes/9000 HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .contains("Content-Length: 9000\r\n")
                .endsWith("\r\n\r\n" + "x".repeat(9000));
        assertThat(ask("HEAD /bytes/9999999 HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .contains("Content-Length: 1048576\r\n");
    }

    @Test
    void showsAPageWithoutLettingTheRequestIntoIt() throws IOException {
        assertThat(
                        ask(
                                "GET / HTTP/1.1\r\nAccept: text/html\r\nX-A: <script>\r\n"
                                        + "Connection: close\r\n\r\n"))
                .contains("<h1>node-1</h1>")
                .contains("&lt;script&gt;")
                .doesNotContain("<script>");
    }

    @Test
    void answersManyRequestsOnOneConnection() throws IOException {
        assertThat(
                        ask(
                                "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
                                        + "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n"
                                        + "HEAD /c HTTP/1.1\r\n\r\n"
                                        + "GET /status/204 HTTP/1.1\r\n\r\n"
                                        + "GET /d HTTP/1.0\r\n\r\n"))
                .contains("POST /a with 5 bytes")
                .contains("POST /b with 3 bytes")
                .contains("HTTP/1.1 204")
                .contains("GET /d")
                .doesNotContain("HEAD /c");
        assertThat(node.requests()).isEqualTo(5);
    }

    @Test
    void answersWithTheStatusThatIsAskedFor() throws IOException {
        assertThat(ask("GET /status/503 HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 503");
        assertThat(ask("GET /slow?ms=1 HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void goesOnBeforeABodyThatWaits() throws IOException {
        assertThat(
                        ask(
                                "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                                        + "Connection: close\r\n\r\nab"))
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200");
    }

    @Test
    void diesForAWhileWhenToldToAtItsOwnAddress() throws IOException {
        assertThat(ask("POST /kill HTTP/1.0\r\nVia: 1.1 weir\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(ask("GET /kill HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(ask("POST /kill HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
        Await.until("it to be dead", () -> !reachable());
        Await.until("it to be there again", this::reachable);
    }

    private boolean reachable() {
        try {
            return ask("GET / HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200");
        } catch (IOException refused) {
            return false;
        }
    }

    private String ask(String bytes) throws IOException {
        String address = node.address();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
