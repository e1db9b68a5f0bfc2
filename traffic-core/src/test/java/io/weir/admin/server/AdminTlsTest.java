package io.weir.admin.server;

import static io.weir.admin.server.Echo.ECHO;
import static io.weir.admin.server.Echo.OPTIONS;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.users.Accounts;
import io.weir.admin.users.Gatekeeper;
import io.weir.admin.users.PasswordCheck;
import io.weir.config.AdminConfig;
import io.weir.config.ClientCertificateConfig;
import io.weir.config.LdapConfig;
import io.weir.config.OidcConfig;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.store.AccountStore;
import io.weir.testkit.AdminDoor;
import io.weir.testkit.TestCa;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The admin server over TLS, and clients that show certificates. */
class AdminTlsTest {

    @TempDir Path state;

    @Test
    void speaksTlsWithACertificateThatItMakesOnceAndKeeps() throws Exception {
        byte[] first;
        try (AdminServer server = AdminDoor.server(AdminDoor.OPEN, state, new RecordingEvents())) {
            server.mount("/echo", ECHO, OPTIONS);
            server.follow(overTls());
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
            server.follow(overTls());
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

    private static AdminConfig overTls() {
        AdminConfig plain = AdminDoor.config();
        return new AdminConfig(
                plain.listen(),
                true,
                null,
                null,
                plain.trusted(),
                List.of(),
                plain.idleTimeout(),
                plain.lockoutFailures(),
                plain.lockoutTime());
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
}
