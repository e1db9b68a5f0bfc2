package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.MonitorConfig.TcpTransaction;
import io.weir.testkit.Await;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

class TcpTransactionCheckTest {

    private final ScriptedNode node = ScriptedNode.running(ScriptedNode.silent());

    @AfterEach
    void closeNode() {
        node.close();
    }

    private static TcpTransaction dialogue(@Nullable String write, String response) {
        return new TcpTransaction(write, response, null, 2048);
    }

    @Test
    void passesOnABannerWithoutSayingAnything() {
        node.follow(ScriptedNode.saying("220 mail ready\r\n"));
        assertThat(Trial.pass(dialogue(null, "^220 "), node.address()))
                .isEqualTo("answered \"220 mail ready\\r\\n\"");
    }

    @Test
    void passesOnAMatchThatReachesTheEndOfWhatCameOnceTheNodePauses() {
        node.follow(ScriptedNode.saying("+OK"));
        Trial.pass(dialogue(null, ".+"), node.address());
        Trial.pass(dialogue(null, "^\\+OK$"), node.address());
    }

    @Test
    void sendsItsLineFirstAndTakesLeave() {
        List<String> heard = new CopyOnWriteArrayList<>();
        node.follow(
                socket -> {
                    byte[] line = socket.getInputStream().readNBytes(6);
                    heard.add(new String(line, StandardCharsets.ISO_8859_1));
                    ScriptedNode.send(socket, "\u00fcPONG");
                    heard.add(ScriptedNode.readToEnd(socket));
                });
        TcpTransaction ping = new TcpTransaction("PING\u00fc\n", "^\u00fcPONG", "QUIT\r\n", 0);
        Trial.pass(ping, node.address());
        Await.until("the leave to be heard", () -> heard.size() == 2);
        assertThat(heard).containsExactly("PING\u00fc\n", "QUIT\r\n");
    }

    @Test
    void quotesAnAnswerWithoutAMatch() {
        node.follow(socket -> ScriptedNode.send(socket, "554 go away\r\n"));
        assertThat(Trial.cause(dialogue(null, "^220 "), node.address()))
                .isEqualTo(
                        "answer \"554 go away\\r\\n\" of 13 bytes before the node closed the"
                                + " connection, expected a match for ^220 ");
    }

    @Test
    void saysThatTheNodeClosedWithoutAWord() {
        node.follow(socket -> {});
        assertThat(Trial.cause(dialogue(null, ".+"), node.address()))
                .isEqualTo(
                        "no answer before the node closed the connection, expected a match for"
                                + " .+");
    }

    @Test
    void takesAResetForTheEndOfTheAnswer() {
        node.follow(
                socket -> {
                    socket.setSoLinger(true, 0);
                    socket.getInputStream().read();
                });
        assertThat(Trial.cause(dialogue("x", ".+"), node.address())).startsWith("no answer before");
    }

    @Test
    void failsInTimeWhenTheNodeSaysNothing() {
        assertThat(Trial.causeAfterTimeout(dialogue("HELLO\n", ".+"), node.address()))
                .isEqualTo("no answer within 300 ms, expected a match for .+");
    }

    @Test
    void failsInTimeWhenTheAnswerDribbles() {
        node.follow(
                socket -> {
                    while (true) {
                        ScriptedNode.send(socket, "x");
                        ScriptedNode.linger(5);
                    }
                });
        assertThat(Trial.causeAfterTimeout(dialogue(null, "y"), node.address()))
                .startsWith("answer \"x")
                .endsWith(" within 300 ms, expected a match for y");
    }

    @Test
    void passesWhenAnAnswerThatDribblesHasTheMatch() {
        node.follow(
                socket -> {
                    for (char c : "220 mail ready and waiting".toCharArray()) {
                        ScriptedNode.send(socket, String.valueOf(c));
                        ScriptedNode.linger(5);
                    }
                    ScriptedNode.readToEnd(socket);
                });
        Trial.pass(dialogue(null, "^220 .* waiting"), node.address());
    }

    @Test
    void readsNoMoreThanTheConfiguredLength() {
        node.follow(
                socket -> {
                    ScriptedNode.send(socket, "x".repeat(2047) + "yz");
                    ScriptedNode.readToEnd(socket);
                });
        Trial.pass(dialogue(null, "xy"), node.address());
        assertThat(Trial.cause(dialogue(null, "yz"), node.address()))
                .endsWith("\" of 2048 bytes, expected a match for yz");
    }

    @Test
    void endsOnAnEndlessAnswerEvenWithoutAConfiguredLength() {
        node.follow(
                socket -> {
                    while (true) {
                        ScriptedNode.send(socket, "0123456789abcdef".repeat(64));
                    }
                });
        assertThat(Trial.cause(new TcpTransaction(null, "never", null, 0), node.address()))
                .endsWith(" of 262144 bytes, expected a match for never");
    }

    @Test
    void endsWhenInterruptedWhileTheNodeTakesNothing() throws InterruptedException {
        node.follow(ScriptedNode.frozen());
        TcpTransaction flood = dialogue("x".repeat(20_000_000), ".+");
        Check check = Check.of(flood, new Trial.Names(Map.of()), Ticker.system());
        List<String> ends = new CopyOnWriteArrayList<>();
        Thread thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        ends.add(check.run(node.address(), Trial.LONG).text());
                                    } catch (InterruptedException _) {
                                        ends.add("interrupted");
                                    }
                                });
        Await.until("the check to be stuck", () -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        Await.until("the check to end", () -> !thread.isAlive());
        assertThat(ends).containsExactly("interrupted");
    }

    @Test
    void rejectsAPatternThatIsNone() {
        assertThatThrownBy(
                        () ->
                                Check.of(
                                        dialogue(null, "a{2,1}"),
                                        new Trial.Names(Map.of()),
                                        Ticker.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("response-regex \"a{2,1}\" is not a regular expression");
    }
}
