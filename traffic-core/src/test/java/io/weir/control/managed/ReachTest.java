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

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
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
