package io.weir.admin.server;

import static io.weir.admin.server.Echo.ECHO;
import static io.weir.admin.server.Echo.OPTIONS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.admin.AdminMounts;
import io.weir.admin.AdminResponse;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.SignInCheck;
import io.weir.config.AdminConfig;
import io.weir.config.ListenAddress;
import io.weir.control.RecordingEvents;
import io.weir.event.EventTag;
import io.weir.testkit.AdminDoor;
import io.weir.testkit.AdminDoor.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

class AdminServerTest {

    @TempDir Path state;

    private AdminDoor door;

    @BeforeEach
    void open() {
        door = AdminDoor.open(AdminDoor.OPEN, state);
        door.server().mount("/echo", ECHO, OPTIONS);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void handsARequestWithItsBodyToTheMountOfItsPath() throws Exception {
        Answer answer = door.ask("POST", "/echo/a%2Fb?x=1", "", "hello");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("POST /echo/a%2Fb ?x=1 tester hello");
        assertThat(answer.head())
                .containsIgnoringCase("x-frame-options: DENY")
                .containsIgnoringCase("cache-control: no-store")
                .containsIgnoringCase("content-security-policy: default-src 'none'");
    }

    @Test
    void givesARequestToTheLongestMountAndTakesAMountAway() throws Exception {
        AdminMounts.Mounted inner =
                door.server().mount("/echo/deep", r -> AdminResponse.empty(204), OPTIONS);
        assertThat(door.ask("GET", "/echo/deep/er", "", "").status()).isEqualTo(204);
        assertThat(door.ask("GET", "/echo/deeper", "", "").status()).isEqualTo(200);
        assertThat(door.ask("GET", "/echoes", "", "").status()).isEqualTo(404);
        inner.close();
        assertThat(door.ask("GET", "/echo/deep", "", "").status()).isEqualTo(200);
        assertThatThrownBy(() -> door.server().mount("/echo", ECHO, OPTIONS))
                .hasMessageContaining("/echo is taken");
        assertThatThrownBy(() -> door.server().mount("echo/", ECHO, OPTIONS))
                .hasMessageContaining("expected such as /soap");
    }

    @Test
    void readsRequestsOneAfterTheOtherFromOneConnection() throws Exception {
        String two =
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\none"
                        + "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                        + "Connection: close\r\n\r\n3\r\ntwo\r\n0\r\n\r\n";
        String all = door.raw(two).body();
        assertThat(all).contains("tester one").contains("tester two");
    }

    @Test
    void speaksToClientsOfHttp10() throws Exception {
        Answer answer = door.raw("GET /echo HTTP/1.0\r\n\r\n");
        assertThat(answer.status()).isEqualTo(200);
        try (Socket socket = door.connect()) {
            for (int i = 0; i < 2; i++) {
                assertThat(
                                AdminDoor.exchange(
                                        socket,
                                        "GET /echo HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"))
                        .containsIgnoringCase("connection: keep-alive");
                socket.getInputStream().readNBytes("GET /echo ? tester ".length());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /echo HTTP/1.1\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost : localhost\r\n\r\n",
                "GET /echo/../x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET //echo HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET echo HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                        + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 2\r\n\r\n0\r\n\r\n"
            })
    void refusesWhatIsMalformed(String request) throws Exception {
        Answer answer = door.raw(request.replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("tester");
    }

    @Test
    void boundsTheHeadAndTheBody() throws Exception {
        assertThat(door.ask("GET", "/echo?" + "x".repeat(9000), "", "").status()).isEqualTo(414);
        assertThat(door.ask("GET", "/echo", "X: " + "x".repeat(40_000) + "\r\n", "").status())
                .isEqualTo(431);
        assertThat(door.ask("POST", "/echo", "", "x".repeat(1001)).status()).isEqualTo(413);
        String chunks =
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + ("3e8\r\n" + "x".repeat(1000) + "\r\n").repeat(3)
                        + "0\r\n\r\n";
        assertThat(door.raw(chunks).status()).isEqualTo(413);
    }

    @Test
    void takesABodyInManySmallChunks() throws Exception {
        door.server()
                .mount(
                        "/many",
                        r -> AdminResponse.text(200, "text/plain", "" + r.text().length()),
                        new MountOptions(20_000, SignIn.BASIC));
        String chunks =
                "POST /many HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "1\r\nx\r\n".repeat(20_000)
                        + "0\r\n\r\n";
        assertThat(door.raw(chunks).body()).isEqualTo("20000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example"})
    void answersToNoNameThatIsNotItsOwn(String host) throws Exception {
        Answer answer =
                door.raw("GET /echo HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer.status()).isEqualTo(421);
    }

    @Test
    void refusesChangesThatAPageOfAnotherOriginMakesABrowserSend() throws Exception {
        assertThat(door.ask("POST", "/echo", "Origin: https://evil.example\r\n", "x").status())
                .isEqualTo(403);
        assertThat(door.ask("POST", "/echo", "Origin: null\r\n", "x").status()).isEqualTo(403);
        assertThat(door.ask("DELETE", "/echo", "Sec-Fetch-Site: cross-site\r\n", "").status())
                .isEqualTo(403);
        assertThat(door.ask("DELETE", "/echo", "Sec-Fetch-Site: same-site\r\n", "").status())
                .isEqualTo(403);
        assertThat(door.ask("POST", "/echo", "Origin: http://localhost\r\n", "x").status())
                .isEqualTo(200);
        assertThat(door.ask("GET", "/echo", "Sec-Fetch-Site: cross-site\r\n", "").status())
                .isEqualTo(200);
    }

    @Test
    void closesConnectionsFromAddressesThatAreNotTrustedBeforeReadingThem() throws Exception {
        AdminConfig usual = AdminDoor.config();
        door.server()
                .follow(
                        new AdminConfig(
                                usual.listen(),
                                false,
                                null,
                                null,
                                List.of("10.0.0.0/8"),
                                List.of(),
                                usual.idleTimeout(),
                                usual.lockoutFailures(),
                                usual.lockoutTime()));
        try (Socket socket = door.connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void doesNotReadTheBodyOfSomebodyUnknownButStillAnswers() throws Exception {
        AtomicBoolean handled = new AtomicBoolean();
        try (AdminDoor closed =
                AdminDoor.open(
                        (head, options) -> {
                            assertThat(head.body()).isEmpty();
                            return new SignInCheck.Refused(AdminResponse.problem(401, "who"));
                        },
                        state)) {
            closed.server()
                    .mount(
                            "/soap",
                            request -> {
                                handled.set(true);
                                return AdminResponse.empty(200);
                            },
                            new MountOptions(1 << 20, SignIn.BASIC));
            assertThat(closed.ask("POST", "/soap", "", "x".repeat(500_000)).status())
                    .isEqualTo(401);
            Answer waiting =
                    closed.raw(
                            "POST /soap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
                                    + "Expect: 100-continue\r\n\r\n");
            assertThat(waiting.status()).isEqualTo(401);
        }
        assertThat(handled).isFalse();
    }

    @Test
    void saysContinueToAClientThatWaitsForIt() throws Exception {
        try (Socket socket = door.connect()) {
            assertThat(
                            AdminDoor.exchange(
                                    socket,
                                    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2"
                                            + "\r\nExpect: 100-continue\r\n\r\n"))
                    .startsWith("HTTP/1.1 100");
            assertThat(AdminDoor.exchange(socket, "ok")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void tellsTheClientNothingOfWhyAHandlerFailed() throws Exception {
        door.server()
                .mount(
                        "/bad",
                        request -> {
                            throw new IllegalStateException("secret inside");
                        },
                        OPTIONS);
        Answer answer = door.ask("GET", "/bad", "", "");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret");
        assertThat(door.ask("GET", "/echo", "", "").status()).isEqualTo(200);
    }

    @Test
    void reportsAnAddressThatIsTakenAndListensWhenItIsFree() throws Exception {
        RecordingEvents events = new RecordingEvents();
        try (AdminServer server = AdminDoor.server(AdminDoor.OPEN, state, events)) {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                server.follow(at(taken.getLocalPort()));
                assertThat(server.address()).isNull();
                assertThat(events.texts(EventTag.LISTENFAIL))
                        .singleElement()
                        .asString()
                        .contains("127.0.0.1:" + taken.getLocalPort());
            }
            server.retry();
            assertThat(server.address()).isNotNull();
            server.follow(null);
            assertThat(server.address()).isNull();
        }
    }

    private static AdminConfig at(int port) {
        AdminConfig usual = AdminDoor.config();
        return new AdminConfig(
                new ListenAddress("127.0.0.1", port),
                false,
                null,
                null,
                usual.trusted(),
                List.of(),
                usual.idleTimeout(),
                usual.lockoutFailures(),
                usual.lockoutTime());
    }
}
