package io.weir.admin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminMounts;
import io.weir.admin.AdminResponse;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.SignInCheck;
import io.weir.admin.users.Accounts;
import io.weir.admin.users.Gatekeeper;
import io.weir.admin.users.PasswordCheck;
import io.weir.config.AdminConfig;
import io.weir.config.ClientCertificateConfig;
import io.weir.config.LdapConfig;
import io.weir.config.ListenAddress;
import io.weir.config.OidcConfig;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.store.AccountStore;
import io.weir.event.EventTag;
import io.weir.testkit.AdminDoor;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.TestCa;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

class AdminServerTest {

    private static final MountOptions OPTIONS = new MountOptions(1000, SignIn.BASIC);

    private static final AdminHandler ECHO =
            request ->
                    AdminResponse.text(
                            200,
                            "text/plain",
                            request.method()
                                    + " "
                                    + request.path()
                                    + " ?"
                                    + request.query()
                                    + " "
                                    + request.caller().name()
                                    + " "
                                    + request.text());

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
        try (Socket socket = new Socket(door.address().getAddress(), door.address().getPort())) {
            socket.setSoTimeout(30_000);
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream()
                        .write(bytes("GET /echo HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
                String head = untilBlankLine(socket.getInputStream());
                assertThat(head).containsIgnoringCase("connection: keep-alive");
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
        try (Socket socket = new Socket(door.address().getAddress(), door.address().getPort())) {
            socket.setSoTimeout(30_000);
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
        try (Socket socket = new Socket(door.address().getAddress(), door.address().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(
                            bytes(
                                    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2"
                                            + "\r\nExpect: 100-continue\r\n\r\n"));
            assertThat(untilBlankLine(socket.getInputStream())).startsWith("HTTP/1.1 100");
            socket.getOutputStream().write(bytes("ok"));
            assertThat(untilBlankLine(socket.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void streamsABodyAndNoticesThatTheClientHasGone() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        door.server()
                .mount(
                        "/stream",
                        request ->
                                AdminResponse.stream(
                                        200,
                                        "text/event-stream",
                                        sink -> {
                                            try {
                                                byte[] piece = bytes("data: x\n\n");
                                                while (!sink.isClosed()) {
                                                    sink.write(piece);
                                                }
                                            } finally {
                                                ended.countDown();
                                            }
                                        }),
                        OPTIONS);
        try (Socket socket = new Socket(door.address().getAddress(), door.address().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(bytes("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            assertThat(untilBlankLine(socket.getInputStream()))
                    .containsIgnoringCase("transfer-encoding: chunked");
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
                    .isEqualTo("9\r\ndata: x\n\n");
        }
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noticesThatTheClientHasGoneWhileNothingIsWritten() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        door.server()
                .mount(
                        "/stream",
                        request ->
                                AdminResponse.stream(
                                        200,
                                        "text/event-stream",
                                        sink -> {
                                            sink.write(bytes("data: x\n\n"));
                                            try {
                                                sink.pause(Duration.ofHours(1));
                                            } finally {
                                                ended.countDown();
                                            }
                                        }),
                        OPTIONS);
        try (Socket socket = new Socket(door.address().getAddress(), door.address().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(bytes("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            var _ = untilBlankLine(socket.getInputStream());
            assertThat(ended.getCount()).isEqualTo(1);
        }
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void answersWhatIsAskedForDuringAStreamAfterIt() throws Exception {
        door.server()
                .mount(
                        "/stream",
                        request ->
                                AdminResponse.stream(
                                        200,
                                        "text/event-stream",
                                        sink -> {
                                            sink.pause(Duration.ofMillis(1));
                                            sink.write(bytes("abc"));
                                            sink.pause(Duration.ofMillis(100));
                                        }),
                        OPTIONS);
        String all =
                door.raw(
                                "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                        + "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Connection: close\r\nContent-Length: 2\r\n\r\nhi")
                        .body();
        assertThat(all).startsWith("3\r\nabc\r\n0\r\n\r\nHTTP/1.1 200").endsWith("tester hi");
    }

    @Test
    void endsAStreamThatItselfEnds() throws Exception {
        door.server()
                .mount(
                        "/stream",
                        request ->
                                AdminResponse.stream(
                                        200, "text/plain", sink -> sink.write(bytes("abc"))),
                        OPTIONS);
        assertThat(door.ask("GET", "/stream", "", "").body()).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
        assertThat(door.raw("GET /stream HTTP/1.0\r\n\r\n").body()).isEqualTo("abc");
        assertThat(door.ask("HEAD", "/stream", "", "").body()).isEmpty();
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
                server.follow(at(taken.getLocalPort(), false));
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

    @Test
    void speaksTlsWithACertificateThatItMakesOnceAndKeeps() throws Exception {
        byte[] first;
        try (AdminServer server = AdminDoor.server(AdminDoor.OPEN, state, new RecordingEvents())) {
            server.mount("/echo", ECHO, OPTIONS);
            server.follow(at(0, true));
            first = Files.readAllBytes(state.resolve("admin.pem"));
            HttpClient client = HttpClient.newBuilder().sslContext(trusting(first)).build();
            URI uri =
                    URI.create(
                            "https://localhost:"
                                    + Objects.requireNonNull(server.address()).getPort()
                                    + "/echo");
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(uri)
                                    .POST(HttpRequest.BodyPublishers.ofString("over tls"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).endsWith("tester over tls");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(state.resolve("admin.key"))))
                    .isEqualTo("rw-------");
        }
        try (AdminServer server = AdminDoor.server(AdminDoor.OPEN, state, new RecordingEvents())) {
            server.follow(at(0, true));
            assertThat(Files.readAllBytes(state.resolve("admin.pem"))).isEqualTo(first);
        }
    }

    @Test
    void tellsWhoseCertificateAClientShowsAndRefusesThoseThatAreNotInOrder() throws Exception {
        TestCa servers = new TestCa("servers");
        TestCa clients = new TestCa("clients");
        servers.issue("localhost").write(state, "door");
        clients.write(state.resolve("clients.pem"));
        TestCa.Issued revoked = clients.issue("mallory");
        clients.writeCrl(state.resolve("clients.crl"), revoked.certificate());
        AdminConfig usual = AdminDoor.config();
        AdminConfig config =
                new AdminConfig(
                        usual.listen(),
                        true,
                        state.resolve("door.pem"),
                        state.resolve("door.key"),
                        usual.trusted(),
                        List.of(),
                        usual.idleTimeout(),
                        usual.lockoutFailures(),
                        usual.lockoutTime(),
                        LdapConfig.OFF,
                        OidcConfig.OFF,
                        new ClientCertificateConfig(
                                state.resolve("clients.pem"),
                                state.resolve("clients.crl"),
                                List.of("utility-manager=um")),
                        List.of());
        Accounts accounts =
                Accounts.open(
                        new AccountStore(state),
                        new RecordingEvents(),
                        new ManualTicker(),
                        new SecureRandom());
        accounts.add("um", null, List.of("operator"), "test");
        Gatekeeper gate =
                new Gatekeeper(
                        accounts,
                        new PasswordCheck(
                                accounts,
                                new RecordingEvents(),
                                new ManualTicker(),
                                new SecureRandom(),
                                delay -> {}),
                        new ManualTicker());
        gate.follow(config);
        try (AdminServer server = AdminDoor.server(gate, state, new RecordingEvents())) {
            server.mount("/echo", ECHO, new MountOptions(1000, SignIn.SESSION_OR_TOKEN));
            server.follow(config);
            assertThat(askWith(server, clients.issue("um").context(servers))).isEqualTo(200);
            assertThat(askWith(server, clients.issue("utility-manager").context(servers)))
                    .isEqualTo(200);
            assertThat(askWith(server, clients.issue("somebody").context(servers))).isEqualTo(401);
            assertThat(askWith(server, servers.trusting())).isEqualTo(401);
            for (TestCa.Issued bad :
                    List.of(
                            revoked,
                            clients.issueExpired("um"),
                            new TestCa("elsewhere").issue("um"))) {
                // A client whose authority is not among the accepted ones shows nothing at all.
                assertThat(askWith(server, bad.context(servers))).isIn(0, 401);
            }
        }
    }

    /** The status of an answer; 0 when the handshake fails. */
    private static int askWith(AdminServer server, SSLContext context) throws Exception {
        int port = Objects.requireNonNull(server.address()).getPort();
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create("https://localhost:" + port + "/echo"))
                                    .GET()
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static AdminConfig at(int port, boolean tls) {
        AdminConfig usual = AdminDoor.config();
        return new AdminConfig(
                new ListenAddress("127.0.0.1", port),
                tls,
                null,
                null,
                usual.trusted(),
                List.of(),
                usual.idleTimeout(),
                usual.lockoutFailures(),
                usual.lockoutTime());
    }

    private static SSLContext trusting(byte[] pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "weir",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new java.io.ByteArrayInputStream(pem)));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String untilBlankLine(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as(head.toString()).isNotEqualTo(-1);
            head.append((char) c);
        }
        return head.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
