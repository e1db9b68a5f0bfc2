package io.weir.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;

import io.weir.admin.users.Directory.Answer;
import io.weir.admin.users.Directory.Away;
import io.weir.admin.users.Directory.Known;
import io.weir.admin.users.Directory.Unknown;
import io.weir.config.AdminConfig;
import io.weir.config.ClientCertificateConfig;
import io.weir.config.LdapConfig;
import io.weir.config.OidcConfig;
import io.weir.config.Secret;
import io.weir.testkit.AdminDoor;
import io.weir.testkit.MemoryTempDir;
import io.weir.testkit.TestCa;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

class LdapDirectoryTest {

    private static final String PASSWORD = "secret of alice";

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private InMemoryDirectoryServer server;
    private final LdapDirectory directory = new LdapDirectory();

    @BeforeEach
    void open() throws Exception {
        TestCa ca = new TestCa("directory");
        ca.write(state.resolve("ca.pem"));
        new TestCa("another").write(state.resolve("other.pem"));
        SSLContext tls = serving(ca.issue("localhost"));
        InMemoryDirectoryServerConfig config =
                new InMemoryDirectoryServerConfig("dc=example,dc=com");
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig(
                        "clear", InetAddress.getLoopbackAddress(), 0, tls.getSocketFactory()),
                InMemoryListenerConfig.createLDAPSConfig(
                        "tls",
                        InetAddress.getLoopbackAddress(),
                        0,
                        tls.getServerSocketFactory(),
                        tls.getSocketFactory()));
        config.addAdditionalBindCredentials("cn=weir", "secret of weir");
        config.setAuthenticationRequiredOperationTypes(com.unboundid.ldap.sdk.OperationType.SEARCH);
        config.setSchema(null);
        server = new InMemoryDirectoryServer(config);
        server.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
        server.add(
                "dn: uid=alice,dc=example,dc=com",
                "objectClass: inetOrgPerson",
                "uid: alice",
                "userPassword: " + PASSWORD,
                "memberOf: cn=Ops,ou=groups,dc=example,dc=com");
        server.add(
                "dn: uid=bob,dc=example,dc=com",
                "objectClass: inetOrgPerson",
                "uid: bob",
                "userPassword: secret of bob");
        server.add(
                "dn: cn=admins,dc=example,dc=com",
                "objectClass: groupOfNames",
                "cn: admins",
                "member: uid=bob,dc=example,dc=com");
        server.add(
                "dn: uid=paren(th*sis\\, jr,dc=example,dc=com",
                "objectClass: inetOrgPerson",
                "uid: paren(th*sis, jr",
                "userPassword: secret of paren");
        server.add(
                "dn: cn=ops,dc=example,dc=com",
                "objectClass: groupOfNames",
                "cn: ops",
                "member: uid=paren(th*sis\\, jr,dc=example,dc=com");
        server.startListening();
    }

    @AfterEach
    void close() {
        server.shutDown(true);
    }

    private static SSLContext serving(TestCa.Issued issued) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "key",
                issued.keys().getPrivate(),
                new char[0],
                new Certificate[] {issued.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private void follow(String address, boolean startTls, String ca, @Nullable String groups) {
        AdminConfig usual = AdminDoor.config();
        directory.follow(
                new AdminConfig(
                        usual.listen(),
                        false,
                        null,
                        null,
                        usual.trusted(),
                        List.of(),
                        usual.idleTimeout(),
                        usual.lockoutFailures(),
                        usual.lockoutTime(),
                        new LdapConfig(
                                address,
                                startTls,
                                state.resolve(ca),
                                "cn=weir",
                                new Secret("secret of weir"),
                                "dc=example,dc=com",
                                "(uid={user})",
                                groups,
                                "memberOf",
                                List.of("ops=operator", "admins=admin", "admins=viewer"),
                                Duration.ofSeconds(30)),
                        OidcConfig.OFF,
                        ClientCertificateConfig.OFF,
                        List.of()));
    }

    private String clear() {
        return "ldap://localhost:" + server.getListenPort("clear");
    }

    @Test
    void aRightPasswordGivesTheRolesOfTheGroups() throws Exception {
        for (String address :
                List.of(clear(), "ldaps://localhost:" + server.getListenPort("tls"))) {
            follow(address, true, "ca.pem", "(member={dn})");
            assertThat(directory.ask("alice", PASSWORD)).isEqualTo(new Known(List.of("operator")));
            assertThat(directory.ask("bob", "secret of bob"))
                    .isEqualTo(new Known(List.of("admin", "viewer")));
        }
        follow(clear(), true, "ca.pem", null);
        assertThat(directory.ask("bob", "secret of bob")).isEqualTo(new Known(List.of()));
    }

    @Test
    void theGroupsAreFoundOfWhoHasANameWithSignsOfFilters() throws Exception {
        follow(clear(), true, "ca.pem", "(member={dn})");
        assertThat(directory.ask("paren(th*sis, jr", "secret of paren"))
                .isEqualTo(new Known(List.of("operator")));
    }

    @Test
    void aWrongPasswordIsWrongAndSoIsAnUnknownName() throws Exception {
        follow(clear(), true, "ca.pem", null);
        assertThat(directory.ask("alice", "guess")).isEqualTo(new Unknown());
        assertThat(directory.ask("nobody", PASSWORD)).isEqualTo(new Unknown());
        // What could widen the search is text like any other.
        for (String name : List.of("*", "alice)(uid=*", "a*", "alice\\2a", "")) {
            assertThat(directory.ask(name, PASSWORD)).as(name).isEqualTo(new Unknown());
        }
    }

    @Test
    void nothingIsSaidToAServerWhoseCertificateIsNotTrusted() throws Exception {
        for (String address :
                List.of(clear(), "ldaps://localhost:" + server.getListenPort("tls"))) {
            follow(address, true, "other.pem", null);
            assertThat(directory.ask("alice", PASSWORD)).isInstanceOf(Away.class);
        }
        // The certificate is that of localhost, not of the address.
        follow("ldaps://127.0.0.1:" + server.getListenPort("tls"), true, "ca.pem", null);
        assertThat(directory.ask("alice", PASSWORD)).isInstanceOf(Away.class);
    }

    @Test
    void aServerThatIsNotThereIsAwayAndAnUnaskedOneKnowsNobody() throws Exception {
        follow(clear(), true, "ca.pem", null);
        server.shutDown(true);
        Answer answer = directory.ask("alice", PASSWORD);
        assertThat(answer).isInstanceOf(Away.class);
        assertThat(((Away) answer).why()).contains("ldap://localhost");
        directory.follow(null);
        assertThat(directory.ask("alice", PASSWORD)).isEqualTo(new Unknown());
    }
}
