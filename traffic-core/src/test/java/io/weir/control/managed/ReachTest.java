package io.weir.control.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.admin.Caller;
import io.weir.admin.Permissions;
import io.weir.admin.users.Role;
import io.weir.control.Author;
import io.weir.control.ConfigStore.Proposal;
import io.weir.control.ControlProblem;
import io.weir.control.Edit;
import io.weir.control.ManualTicker;
import io.weir.control.RefusedException;
import io.weir.testkit.MemoryTempDir;
import io.weir.testkit.TestCa;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Who is not trusted with the machine cannot have Weir read its variables and files for them. */
class ReachTest {

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private final ManualTicker ticker = new ManualTicker();
    private ManagedSource source;

    @BeforeEach
    void aStoreOfAnAdministrator() throws Exception {
        source =
                new ManagedSource(
                        state.resolve("store"),
                        Map.of("TOKEN", "sesame", "NODE", "b:80"),
                        new Random(),
                        ticker);
        assertThat(source.read().config()).isNotNull();
        make(
                true,
                put("{'web': {'nodes': ['a:80', '${env:NODE}']}}", "pools"),
                put("{'shop': {'listen': ':8080', 'pool': 'web'}}", "virtual-servers"),
                put("{'look': {'type': 'program', 'program': '/bin/true'}}", "monitors"),
                put(
                        "{'tell': {'type': 'webhook', 'url': 'https://a.test/', 'headers':"
                                + " ['X-Token: ${env:TOKEN}', 'X-Other: x']}}",
                        "actions"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "actions.tell.note | ${env:TOKEN} | a reference",
                "virtual-servers.shop.pool | a ${env:TOKEN} | a reference",
                "actions.tell.url | https://b.test/${env:TOKEN} | a reference",
                "global.cluster-key | ${file:other} | a reference",
                "virtual-servers.shop.error-file | /etc/shadow | a file outside",
                "virtual-servers.shop.error-file | ../secrets/x | a file outside",
                "virtual-servers.shop.error-file | pages/../../secrets/x | a file outside",
                "monitors.look.program | /bin/sh | a part of a program's call",
                "actions.run.program | /bin/sh | a part of a program's call",
            })
    void whatReachesBeyondTheDocumentIsNotTakenFromOthers(String path, String value, String kind) {
        Edit edit = put("'" + value + "'", path.split("\\."));

        ControlProblem problem = refusal(edit);

        assertThat(problem).isInstanceOf(ControlProblem.Forbidden.class);
        assertThat(problem.message()).startsWith(path + " is " + kind).doesNotContain("sesame");
    }

    @Test
    void programsGetNoOtherArgumentsFromOthers() {
        assertThat(refusal(put("['-c', 'id']", "monitors", "look", "arguments")).message())
                .startsWith("monitors.look.arguments.0 is a part of a program's call");
    }

    @Test
    void programsAreNotReplacedByOthers() {
        assertThat(refusal(new Edit.PutFile("programs/monitors/look.sh", new byte[] {'x'})))
                .isEqualTo(
                        new ControlProblem.Forbidden(
                                "programs/monitors/look.sh is a program, which only"
                                        + " administrators and the command line may bring in"));
    }

    @Test
    void whatIsThereStaysThereWhoeverChangesTheRest() throws Exception {
        make(
                false,
                put("'2s'", "pools", "web", "max-reply-time"),
                put("'errors/sorry.html'", "virtual-servers", "shop", "error-file"),
                new Edit.PutFile("errors/sorry.html", new byte[] {'x'}),
                new Edit.Rename("pools", "web", "www"),
                new Edit.Rename("actions", "tell", "say"),
                put("['X-Other: y', 'X-Token: ${env:TOKEN}']", "actions", "say", "headers"),
                put("'$${env:TOKEN} is no reference'", "actions", "say", "note"));

        JsonNode document = Objects.requireNonNull(source.read().document()).json();
        assertThat(document.at("/pools/www/nodes/1").stringValue()).isEqualTo("${env:NODE}");
        assertThat(document.at("/actions/say/headers/1").stringValue())
                .isEqualTo("X-Token: ${env:TOKEN}");
    }

    @Test
    void aReferenceThatIsThereIsNotCopiedToAnotherPlace() {
        assertThat(refusal(put("'X-Token: ${env:TOKEN}'", "actions", "tell", "note")))
                .isInstanceOf(ControlProblem.Forbidden.class);
        Edit rename = new Edit.Rename("pools", "web", "www");
        Edit again = put("{'nodes': ['${env:NODE}']}", "pools", "web");
        assertThat(refusal(rename, again)).isInstanceOf(ControlProblem.Forbidden.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "global.admin.ldap | {'server': 'ldaps://b.test', 'base': 'o=x', 'roles':"
                        + " ['g=admin']}",
                "global.admin.ldap.server | 'ldaps://b.test'",
                "global.admin.ldap.roles | ['users=admin']",
                "global.admin.oidc | {'issuer': 'https://b.test', 'client-id': 'w', 'roles':"
                        + " ['g=admin']}",
                "global.admin.client-certificates.users | ['x=root']",
                "global.admin.client-certificates.ca-file | 'authorities/mine.pem'",
                "global.admin.trusted | ['0.0.0.0/0']",
                "global.admin.names | ['b.test']",
                "global.admin.tls | false",
                "global.admin.lockout-failures | 1000",
                "global.admin | {}",
                "global | {}",
                "global.backup | {'remote': 'https://b.test/x.git', 'passphrase': 'my own words'}",
            })
    void whoGetsInAndWhereSecretsAreCopiedToIsNotForOthers(String path, String value)
            throws Exception {
        whoGetsIn();

        ControlProblem problem = refusal(put(value, path.split("\\.")));

        assertThat(problem).isInstanceOf(ControlProblem.Forbidden.class);
        assertThat(problem.message()).startsWith("global.").contains(" is about wh");
    }

    @Test
    void othersKeepWhoGetsInAndChangeTheRest() throws Exception {
        whoGetsIn();
        String kept = WHO_GETS_IN.replace("'bind words'", "'***'");

        make(
                false,
                put("{'admin': " + kept + ", 'event-loops': 1}", "global"),
                put(
                        "[{'label': 'n', 'address': 'https://n.test', 'token': 't'}]",
                        "global",
                        "admin",
                        "instances"),
                new Edit.PutFile("authorities/other.pem", new byte[] {'x'}));

        assertThat(
                        Objects.requireNonNull(source.read().document())
                                .json()
                                .at("/global/event-loops"))
                .hasToString("1");
    }

    @Test
    void theAuthorityOfThoseWhoGetInIsNotReplacedInItsFile() throws Exception {
        whoGetsIn();
        for (Edit edit :
                List.of(
                        new Edit.PutFile("authorities/people.pem", new byte[] {'x'}),
                        new Edit.RemoveFile("authorities/people.pem"))) {
            assertThat(refusal(edit))
                    .isEqualTo(
                            new ControlProblem.Forbidden(
                                    "the file authorities/people.pem is the one of"
                                            + " global.admin.client-certificates.ca-file, which"
                                            + " only administrators and the command line may"
                                            + " change"));
        }
        assertThat(
                        refusal(
                                new Edit.RenameFile(
                                        "authorities/people.pem", "authorities/others.pem"),
                                new Edit.PutFile("authorities/people.pem", new byte[] {'x'})))
                .isInstanceOf(ControlProblem.Forbidden.class);
    }

    @Test
    void goingBackDoesNotBringBackWhoGotInForOthers() throws Exception {
        whoGetsIn();
        long open = source.revision();
        make(true, new Edit.Remove(List.of("global", "admin", "ldap")));
        long closed = source.revision();
        make(false, put("'2s'", "pools", "web", "max-reply-time"));

        source.propose(closed, false).close();
        source.propose(open, true).close();
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class, () -> source.propose(open, false).close());
        assertThat(refused.problem().message())
                .startsWith("global.admin.ldap is about who gets in");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "actions.tell.url | 'https://b.test/'",
                "actions.tell.ca-file | 'authorities/mine.pem'",
                "actions.tell | {'type': 'webhook', 'secret-url': 'https://b.test/', 'headers':"
                        + " ['X-Token: ${env:TOKEN}']}",
                "actions.mail.server | 'b.test:25'",
                "actions.mail.security | 'none'",
                "authenticators.staff.server | 'ldaps://b.test'",
                "authenticators.staff | {'server': 'ldaps://b.test', 'user': 'u', 'password':"
                        + " '***', 'base': 'o=x'}",
                "authenticators.staff.start-tls | false",
                "monitors.page.machine | 'b.test:80'",
                "global.admin.instances | [{'label': 'north', 'address': 'https://b.test', 'token':"
                        + " '***'}]",
                "global.admin.instances | [{'label': 'north', 'address': 'https://s.test', 'token':"
                        + " '***'}]",
            })
    void whatIsKeptIsNotSentElsewhereByOthers(String path, String value) throws Exception {
        whatIsSent();

        ControlProblem problem = refusal(put(value, path.split("\\.")));

        assertThat(problem).isInstanceOf(ControlProblem.Forbidden.class);
        assertThat(problem.message()).contains(" is about where the secrets of ");
    }

    @Test
    void aSenderIsFollowedWhenItGetsAnotherName() throws Exception {
        whatIsSent();
        Edit rename = new Edit.Rename("actions", "tell", "say");
        make(false, rename, put("7", "actions", "say", "attempts"));
        assertThat(refusal(put("'https://b.test/'", "actions", "say", "url")).message())
                .startsWith(
                        "actions.say.url is about where the secrets of actions.say go, unless all");
        Edit back = new Edit.Rename("actions", "say", "tell");
        assertThat(refusal(back, put("'https://b.test/'", "actions", "tell", "url")).message())
                .startsWith("actions.tell.url");
    }

    @Test
    void theAuthorityOfTheDestinationIsNotReplacedInItsFile() throws Exception {
        whatIsSent();
        assertThat(refusal(new Edit.PutFile("authorities/north.pem", new byte[] {'x'})).message())
                .startsWith(
                        "the file authorities/north.pem is the one of"
                                + " global.admin.instances.0.ca-file");
    }

    @Test
    void whereSecretsGoIsForWhoGivesAllOfThem() throws Exception {
        whatIsSent();
        make(
                false,
                put("'ldaps://b.test'", "authenticators", "staff", "server"),
                put("'other words'", "authenticators", "staff", "password"),
                put(
                        "{'type': 'webhook', 'url': 'https://b.test/', 'headers': ['X-Token:"
                                + " mine']}",
                        "actions",
                        "tell"),
                put(
                        "[{'label': 'south', 'address': 'https://s.test', 'token': 'new'}]",
                        "global",
                        "admin",
                        "instances"));
        JsonNode document = Objects.requireNonNull(source.read().document()).json();
        assertThat(document.at("/authenticators/staff/server").stringValue())
                .isEqualTo("ldaps://b.test");
    }

    private static final String WHO_GETS_IN =
            "{'lockout-failures': 5, 'ldap': {'server': 'ldaps://a.test', 'base': 'o=x', 'user':"
                    + " 'cn=w', 'password': 'bind words', 'roles': ['g=viewer']},"
                    + " 'client-certificates': {'ca-file': 'authorities/people.pem', 'users':"
                    + " ['um=um']}}";

    private void whoGetsIn() throws Exception {
        new TestCa("People").write(state.resolve("people.pem"));
        make(
                true,
                new Edit.PutFile(
                        "authorities/people.pem", Files.readAllBytes(state.resolve("people.pem"))),
                new Edit.PutFile(
                        "authorities/mine.pem", Files.readAllBytes(state.resolve("people.pem"))),
                put(WHO_GETS_IN, "global", "admin"));
    }

    private void whatIsSent() throws Exception {
        new TestCa("North").write(state.resolve("north.pem"));
        byte[] authority = Files.readAllBytes(state.resolve("north.pem"));
        make(
                true,
                new Edit.PutFile("authorities/north.pem", authority),
                new Edit.PutFile("authorities/mine.pem", authority),
                put(
                        "{'type': 'mail', 'server': 'a.test:25', 'security': 'starttls', 'to':"
                                + " ['a@a.test'], 'user': 'u', 'password': 'mail words'}",
                        "actions",
                        "mail"),
                put(
                        "{'staff': {'server': 'ldaps://a.test', 'user': 'u', 'password': 'words',"
                                + " 'base': 'o=x'}}",
                        "authenticators"),
                put(
                        "{'type': 'http', 'scope': 'pool-wide', 'machine': 'a.test:80',"
                                + " 'authentication': 'u:words'}",
                        "monitors",
                        "page"),
                put(
                        "[{'label': 'north', 'address': 'https://n.test', 'token': 'north words',"
                                + " 'ca-file': 'authorities/north.pem'}, {'label': 'south',"
                                + " 'address': 'https://s.test', 'token': 'south words'}]",
                        "global",
                        "admin",
                        "instances"));
    }

    @ParameterizedTest
    @EnumSource
    void thoseWhoOwnTheProcessAreTrustedWithTheMachine(Author.Channel channel) {
        boolean own =
                switch (channel) {
                    case FILE, COMMAND_LINE, SIGNAL, WEIR -> true;
                    case REST, SOAP, UI -> false;
                };
        assertThat(new Author("alice", channel, "").machine()).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({"admin, true", "editor, false", "operator, false", "viewer, false"})
    void ofThoseWhoSignInOnlyAdministratorsAre(String role, boolean trusted) {
        Permissions permissions = Objects.requireNonNull(Role.BUILT_IN.get(role)).permissions();
        Caller caller = new Caller("alice", "192.0.2.1", permissions, Caller.Means.PASSWORD);
        assertThat(Author.of(caller, Author.Channel.REST).machine()).isEqualTo(trusted);
    }

    private void make(boolean machine, Edit... edits) throws RefusedException, IOException {
        try (Proposal proposal = source.propose(List.of(edits), machine)) {
            assertThat(proposal.candidate().config())
                    .as(String.valueOf(proposal.candidate().problems()))
                    .isNotNull();
            proposal.keep(Author.WEIR, "", ticker.now(), null);
        }
    }

    private ControlProblem refusal(Edit... edits) {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> source.propose(List.of(edits), false).close());
        assertThat(refused).as("a refusal").isNotNull();
        return refused.problem();
    }

    private static Edit put(String value, String... path) {
        JsonNode json = JsonMapper.builder().build().readTree(value.replace('\'', '"'));
        return new Edit.Put(List.of(path), json);
    }
}
