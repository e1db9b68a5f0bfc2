package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;

import io.weir.testkit.FakeNode;
import io.weir.testkit.TestCa;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;

/** Rules ask directories about users. */
class AuthenticatorsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    private InMemoryDirectoryServer server;
    private RuledWeir ruled;

    @BeforeEach
    void start() throws Exception {
        TestCa ca = new TestCa("a CA").write(directory.resolve("ca.pem"));
        TestCa.Issued issued = ca.issue("localhost");
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=test");
        config.setSchema(null);
        config.addAdditionalBindCredentials("cn=weir,dc=test", "searching");
        config.setAuthenticationRequiredOperationTypes(com.unboundid.ldap.sdk.OperationType.SEARCH);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig(
                        "clear",
                        InetAddress.getLoopbackAddress(),
                        0,
                        issued.context(ca).getSocketFactory()));
        server = new InMemoryDirectoryServer(config);
        server.add("dn: dc=test", "objectClass: domain", "dc: test");
        server.add(
                "dn: uid=alice,dc=test",
                "objectClass: person",
                "uid: alice",
                "mail: alice@example.com",
                "memberOf: staff",
                "memberOf: admins",
                "secretNote: nobody reads this",
                "userPassword: wonder");
        server.add("dn: uid=star*,dc=test", "objectClass: person", "uid: star*");
        server.startListening();
        FakeNode web = WEIR.node("web");
        ruled = new RuledWeir(directory, web);
    }

    @AfterEach
    void stop() {
        server.shutDown(true);
    }

    private void configured(String keys) {
        ruled.sections(
                        ("authenticators:\n"
                                        + "  people:\n"
                                        + "    server: ldap://localhost:%d\n"
                                        + "    ca-file: ca.pem\n"
                                        + "    user: cn=weir,dc=test\n"
                                        + "    password: searching\n"
                                        + "    base: dc=test\n"
                                        + "    attributes: [mail, memberOf, userPassword]\n"
                                        + "    timeout: 20s\n"
                                        + "    %s\n")
                                .formatted(server.getListenPort(), keys))
                .request(
                        """
                        const query = http.getQueryString().split('/');
                        const answer = query.length > 1 ? auth.query('people', query[0], query[1])
                            : auth.query('people', query[0]);
                        http.sendResponse(200, 'application/json', JSON.stringify(answer));
                        """)
                .start(WEIR);
    }

    private String ask(String query) {
        return ruled.get("/?" + query).text();
    }

    @Test
    void theDirectoryKnowsUsersAndTheirPasswords() throws LDAPException {
        configured("max-connections: 1");
        assertThat(ask("alice/wonder"))
                .contains("\"OK\":1", "\"mail\":\"alice@example.com\"", "[\"staff\",\"admins\"]")
                .doesNotContain("nobody reads this")
                .doesNotContain("userPassword");
        assertThat(ask("alice/wrong")).contains("\"OK\":0").doesNotContain("alice@example.com");
        assertThat(ask("alice")).contains("\"OK\":1");
        assertThat(ask("bob/wonder")).contains("\"OK\":0", "no such user");
        assertThat(ask("alice/wonder")).contains("\"OK\":1");
    }

    @Test
    void whatUsersSayIsNoFilterAndAnEmptyPasswordIsWrong() {
        configured("");
        assertThat(ask("*/wonder")).contains("\"OK\":0", "no such user");
        assertThat(ask("alice)(uid=*/wonder")).contains("\"OK\":0", "no such user");
        assertThat(ask("star*")).contains("\"OK\":1");
        assertThat(ask("alice/")).contains("\"OK\":0", "password is wrong");
    }

    @Test
    void aDirectoryThatIsGoneIsAnErrorAndNotAnException() {
        configured("");
        server.shutDown(true);
        assertThat(ask("alice/wonder")).contains("\"OK\":0", "ldap://localhost");
    }

    @Test
    void aCertificateOfSomebodyElseIsNotTrusted() throws Exception {
        new TestCa("another CA").write(directory.resolve("ca.pem"));
        configured("");
        assertThat(ask("alice/wonder")).contains("\"OK\":0");
    }
}
