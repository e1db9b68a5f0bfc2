package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What rules see and do on connections of TCP services. */
class RulesOnStreamsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    private FakeNode web;
    private FakeNode other;
    private RuledWeir ruled;

    @BeforeEach
    void nodes() {
        web = WEIR.node("web", lines(""));
        other = WEIR.node("other", lines(""));
        ruled =
                new RuledWeir(directory, web)
                        .pool("other", other)
                        .virtualServer("protocol: client-first");
    }

    /** Greets, then answers each line with the node's name and the line. */
    private static Behaviour lines(String greeting) {
        return connection -> {
            connection.send(greeting);
            while (true) {
                String line = line(connection);
                if (line.isEmpty()) {
                    return;
                }
                connection.send(connection.node().name() + " " + line);
            }
        };
    }

    private static String line(NodeConnection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
            byte[] next = connection.some(1);
            if (next.length == 0) {
                return "";
            }
            line.append((char) (next[0] & 0xff));
        }
        return line.toString();
    }

    private RawClient client() {
        return WEIR.closing(ruled.client());
    }

    private static String answer(RawClient client, String line) {
        StringBuilder got = new StringBuilder();
        client.send(line);
        while (got.isEmpty() || got.charAt(got.length() - 1) != '\n') {
            byte[] next = client.some(1);
            if (next.length == 0) {
                break;
            }
            got.append((char) (next[0] & 0xff));
        }
        return got.toString();
    }

    @Test
    void aResponseRuleTakesLeaveOfTheNode() {
        ruled.response("if (response.get().includes('bye')) response.close();").start(WEIR);
        RawClient client = client();
        assertThat(answer(client, "hello\n")).isEqualTo("web hello\n");
        assertThat(answer(client, "bye\n")).isEqualTo("web bye\n");
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void usersSpreadEvenlyOverMachinesAndComeBackToTheirOwn() {
        FakeNode[] machines = new FakeNode[6];
        for (int i = 0; i < machines.length; i++) {
            machines[i] = WEIR.node("m" + i, lines(""));
        }
        ruled =
                new RuledWeir(directory, machines)
                        .poolKeys("algorithm: least-connections")
                        .virtualServer("protocol: client-first")
                        .sections("persistence-classes: {user: {type: universal}}\n")
                        .request(
                                """
                                connection.setPersistenceClass('user');
                                connection.setPersistenceKey(string.trim(request.getLine()));
                                """);
        ruled.start(WEIR);
        Map<String, String> machineOf = new TreeMap<>();
        Map<String, Integer> users = new TreeMap<>();
        List<RawClient> sessions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            RawClient session = client();
            sessions.add(session);
            String machine = answer(session, "user" + i + "\n").split(" ", 2)[0];
            machineOf.put("user" + i, machine);
            users.merge(machine, 1, Integer::sum);
        }
        assertThat(users).hasSize(6);
        assertThat(users.values()).allSatisfy(n -> assertThat(n).isBetween(9, 11));
        sessions.forEach(RawClient::close);
        machineOf.forEach(
                (user, machine) ->
                        assertThat(answer(client(), user + "\n"))
                                .isEqualTo(machine + " " + user + "\n"));
    }

    @Test
    void aRuleChoosesThePoolByTheFirstBytesHoweverTheyCome() {
        ruled.request("if (request.get(5) === 'OTHER') pool.use('other');").start(WEIR);
        assertThat(answer(client(), "OTHER \0\u00ff\r\n")).isEqualTo("other OTHER \0\u00ff\r\n");
        assertThat(answer(client(), "ELSE!\r\n")).isEqualTo("web ELSE!\r\n");
        RawClient slow = client();
        for (char c : "OTHE".toCharArray()) {
            slow.send(String.valueOf(c));
        }
        assertThat(answer(slow, "R x\n")).isEqualTo("other OTHER x\n");
    }

    @Test
    void aClientThatEndsTooEarlyIsSeenWithWhatItSaid() {
        ruled.request("if (request.get(100) === 'short\\n') pool.use('other');").start(WEIR);
        RawClient client = client();
        client.send("short\n").halfClose();
        assertThat(new String(client.rest(), StandardCharsets.ISO_8859_1))
                .isEqualTo("other short\n");
    }

    @Test
    void aRuleReadsLineByLine() {
        ruled.request(
                        """
                        let at = 0, user = '';
                        for (let line = request.getLine('\\n', at); line !== '\\n';
                                line = request.getLine('\\n', at)) {
                            at = Number($1);
                            if (string.startsWith(line, 'user ')) user = string.trim(string.skip(line, 5));
                        }
                        request.set(user + ' has ' + request.getLength() + ' bytes\\n');
                        """)
                .start(WEIR);
        RawClient client = client();
        client.send("a b\nuser al");
        assertThat(answer(client, "ice\nc\n\n")).isEqualTo("web alice has 18 bytes\n");
    }

    @Test
    void discardReachesNoNodeAndCloseSaysALastWord() {
        ruled.request(
                        "const word = string.trim(request.getLine()); if (word === 'no')"
                                + " connection.discard(); if (word === 'bye')"
                                + " connection.close('bye!');")
                .start(WEIR);
        RawClient discarded = client();
        discarded.send("no\n");
        assertThat(discarded.rest()).isEmpty();
        RawClient closed = client();
        closed.send("bye\n");
        assertThat(new String(closed.rest(), StandardCharsets.ISO_8859_1)).isEqualTo("bye!");
        assertThat(web.connections()).isZero();
        assertThat(answer(client(), "hello\n")).isEqualTo("web hello\n");
    }

    @Test
    void aClientThatReadsSlowlyGetsTheWholeOfALongLastWord() {
        ruled.global("rules: {time-limit: 20s}")
                .request(
                        "const letters = string.trim(request.getLine());"
                                + " connection.close(letters.repeat(500000));")
                .start(WEIR);
        RawClient client = WEIR.closing(RawClient.withReceiveBuffer(ruled.running().port(), 4096));
        client.send("sixteen letters!\n");
        assertThat(client.exactly(16)).isEqualTo("sixteen letters!");
        assertThat(client.rest().length).isEqualTo(7_999_984);
    }

    @Test
    void aRuleAnswersItselfUntilItLetsTheClientThrough() {
        ruled.request(
                        """
                        const line = string.trim(request.getLine());
                        if (line !== 'open') request.sendResponse('? ' + line + '\\n');
                        """)
                .start(WEIR);
        RawClient client = client();
        assertThat(answer(client, "a\n")).isEqualTo("? a\n");
        assertThat(answer(client, "b\n")).isEqualTo("? b\n");
        assertThat(web.connections()).isZero();
        assertThat(answer(client, "open\n")).isEqualTo("web open\n");
        assertThat(answer(client, "c\n")).isEqualTo("? c\n");
    }

    @Test
    void rulesRunAgainWheneverTheOtherSideSpeaks() {
        ruled.request("request.set(request.getLine().toUpperCase());")
                .response(
                        "response.append('<' + connection.data.get('n') + '>\\n');"
                                + " connection.data.set('n', connection.data.get('n') + 'x');")
                .start(WEIR);
        RawClient client = client();
        for (String count : new String[] {"", "x", "xx"}) {
            client.send("abc\n");
            String expected = "web ABC\n<" + count + ">\n";
            assertThat(client.exactly(expected.length())).isEqualTo(expected);
        }
    }

    @Test
    void rulesThatRunOnceLeaveTheRestAlone() {
        ruled.virtualServer("request-rules: [{rule: once, run: first}]")
                .catalog("once", "request.set('first ' + request.get());")
                .start(WEIR);
        RawClient client = client();
        assertThat(answer(client, "a\n")).isEqualTo("web first a\n");
        assertThat(answer(client, "b\n")).isEqualTo("web b\n");
    }

    @Test
    void aServerThatSpeaksFirstIsMaskedByAResponseRule() {
        web.behave(lines("220 secret-9.4 ready\n"));
        ruled =
                new RuledWeir(directory, web)
                        .virtualServer("protocol: server-first")
                        .response(
                                "response.getLine(); response.set(string.regexsub(response.get(),"
                                        + " 'secret-[0-9.]+', 'x'));");
        ruled.start(WEIR);
        RawClient client = client();
        assertThat(answer(client, "")).isEqualTo("220 x ready\n");
        assertThat(answer(client, "HELO\n")).isEqualTo("web HELO\n");
    }

    @Test
    void whatFollowsTheEndOfARequestWaitsForTheAnswer() {
        web.behave(
                connection -> {
                    String first = line(connection);
                    Thread.onSpinWait();
                    connection.send("1 " + first);
                    connection.send("2 " + line(connection));
                    connection.drain();
                });
        ruled.request("request.endsWith('\\n');").response("response.getLine();").start(WEIR);
        RawClient client = client();
        client.send("a\nb\n");
        assertThat(client.exactly(8)).isEqualTo("1 a\n2 b\n");
    }

    @Test
    void aRuleAsksAnotherServerWhileTheConnectionWaits() {
        FakeNode directoryServer =
                WEIR.node(
                        "directory",
                        Behaviour.saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"));
        ruled.global("rules: {egress: [127.0.0.0/8]}")
                .request(
                        "request.get(3); pool.use(http.request.get('http://"
                                + directoryServer.address()
                                + "/'));")
                .start(WEIR);
        RawClient client = client();
        client.send("abc");
        assertThat(answer(client, "def\n")).isEqualTo("other abcdef\n");
        assertThat(directoryServer.requests()).isEqualTo(1);
    }

    @Test
    void sessionsFollowTheKeyAndTheNodeThatRulesGive() {
        FakeNode second = WEIR.node("second", lines(""));
        ruled =
                new RuledWeir(directory, web, second)
                        .virtualServer("protocol: client-first")
                        .sections(
                                "persistence-classes:\n"
                                        + "  by-key: {type: universal}\n"
                                        + "  by-name: {type: named}\n")
                        .request(
                                """
                                const [kind, value] = string.split(string.trim(request.getLine()), ' ');
                                if (kind === 'key') {
                                    connection.setPersistence('by-key');
                                    connection.setPersistenceKey(value);
                                } else {
                                    connection.setPersistenceClass('by-name');
                                    connection.setPersistenceKey(value);
                                }
                                """);
        ruled.start(WEIR);
        for (int i = 0; i < 3; i++) {
            String line = "node " + second.address() + "\n";
            assertThat(answer(client(), line)).isEqualTo("second " + line);
        }
        String kept = answer(client(), "key a\n");
        for (int i = 0; i < 5; i++) {
            assertThat(answer(client(), "key a\n")).isEqualTo(kept);
        }
    }

    @Test
    void anUnknownClassIsReportedAndChangesNothing() {
        RunningWeir weir =
                ruled.request("request.set(connection.setPersistence('nope') + '\\n');")
                        .start(WEIR);
        assertThat(answer(client(), "a\n")).isEqualTo("web 0\n");
        assertThat(weir.events()).anyMatch(e -> e.tag() == EventTag.RULENOPERSISTENCE);
    }

    @Test
    void whatARuleFlushesOfANodeThatHasEndedIsNotTheEnd() {
        web.behave(connection -> connection.send("one\ntwo\n"));
        ruled.response("response.get(100); response.flush(4);").start(WEIR);
        RawClient client = client();
        client.send("a\n");
        assertThat(new String(client.rest(), StandardCharsets.ISO_8859_1)).isEqualTo("one\ntwo\n");
    }

    @Test
    void aShorterTimeWithoutMovementHoldsAtOnce() {
        ruled.response("request.setVirtualServerTimeout(1);").start(WEIR);
        RawClient client = client();
        assertThat(answer(client, "hello\n")).isEqualTo("web hello\n");
        assertThat(client.closedByPeer()).isTrue();
    }

    @Test
    void theClientGetsWhatARuleFlushesWhileTheRuleWaitsForMore() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        web.behave(
                connection -> {
                    connection.send("one\n");
                    first.join();
                    connection.send("two\n");
                    connection.drain();
                });
        ruled.response(
                        "response.getLine(); response.flush(4); response.getLine();"
                                + " response.set('2\\n"
                                + "');")
                .start(WEIR);
        RawClient client = client();
        assertThat(answer(client, "a\n")).isEqualTo("one\n");
        first.complete(null);
        assertThat(client.exactly(2)).isEqualTo("2\n");
    }

    @Test
    void functionsOfHttpSayThatThereIsNone() {
        RunningWeir weir = ruled.request("http.getPath();").start(WEIR);
        RawClient client = client();
        client.send("a\n");
        assertThat(client.rest()).isEmpty();
        assertThat(web.connections()).isZero();
        assertThat(weir.events())
                .anyMatch(
                        e -> e.tag() == EventTag.RULEABORT && e.text().contains("no HTTP message"));
    }

    @Test
    void aRuleThatWaitsForAClientThatSaysTooLittleIsEndedByTheConnectTimeout() {
        ruled.virtualServer("connect-timeout: 300ms").request("request.get(10);").start(WEIR);
        RawClient client = client();
        client.send("abc");
        assertThat(client.rest()).isEmpty();
        assertThat(web.connections()).isZero();
    }

    @Test
    void completionRulesRunWhenTheConnectionEnds() {
        RunningWeir weir =
                ruled.completion("event.emit('over', connection.getNode());").start(WEIR);
        RawClient client = client();
        assertThat(answer(client, "a\n")).isEqualTo("web a\n");
        client.close();
        Await.until(
                "the event",
                () ->
                        weir.events().stream()
                                .anyMatch(
                                        e ->
                                                e.tag() == EventTag.CUSTOMEVENT
                                                        && e.text().equals(web.address())));
    }
}
