package io.weir.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The cookie that Weir sets, as clients, nodes and forgers see it. */
class MappingCookieScenarioTest {

    private static final String SHAPE = "X-Mapping-[0-9a-f]{8}=[A-Za-z0-9_-]{32}; Path=/; HttpOnly";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static String config(FakeNode[] nodes, String... sticky) {
        return ConfigText.of(nodes)
                        .global("cluster-key: a key for every member")
                        .pool("persistence: sticky")
                + "persistence-classes:\n  sticky: {type: transparent"
                + (sticky.length == 0 ? "" : ", " + String.join(", ", sticky))
                + "}\n";
    }

    private static FakeNode[] nodes(int count) {
        FakeNode[] nodes = new FakeNode[count];
        for (int i = 0; i < count; i++) {
            nodes[i] = WEIR.node("n" + i);
        }
        return nodes;
    }

    private static ReceivedResponse get(RunningWeir weir, String... cookies) {
        try (RawClient client = RawClient.to(weir.port())) {
            StringBuilder fields = new StringBuilder();
            for (String cookie : cookies) {
                fields.append("Cookie: ").append(cookie).append("\r\n");
            }
            return client.exchange("GET / HTTP/1.1\r\nHost: w.test\r\n" + fields + "\r\n");
        }
    }

    private static String pair(ReceivedResponse response) {
        return response.field("Set-Cookie").split(";", 2)[0];
    }

    @Test
    void itIsSetOnceAndOnlyForTheClient() {
        RunningWeir weir = WEIR.start(config(nodes(3)));
        ReceivedResponse first = get(weir);
        assertThat(first.fields().values("Set-Cookie")).hasSize(1);
        assertThat(first.field("Set-Cookie")).matches(SHAPE);
        assertThat(first.field("Cache-Control")).isEqualTo("no-cache=\"Set-Cookie\"");

        ReceivedResponse second = get(weir, pair(first));
        assertThat(second.field("X-Node")).isEqualTo(first.field("X-Node"));
        assertThat(second.fields().has("Set-Cookie")).isFalse();
        assertThat(second.fields().has("Cache-Control")).isFalse();
    }

    @Test
    void itIsSetWithEveryAnswerIfTheClassSaysSo() {
        RunningWeir weir = WEIR.start(config(nodes(3), "always-set-cookie: true"));
        ReceivedResponse first = get(weir);
        assertThat(pair(get(weir, pair(first)))).isEqualTo(pair(first));
    }

    @Test
    void theAttributesOfTheClassReplaceThoseThatWouldBeThere() {
        RunningWeir weir =
                WEIR.start(
                        config(nodes(1), "directives: 'Domain=.w.test; path=/shop; Max-Age=60'"));
        assertThat(get(weir).field("Set-Cookie"))
                .matches(
                        "X-Mapping-[0-9a-f]{8}=[A-Za-z0-9_-]{32}; HttpOnly; Domain=.w.test;"
                                + " path=/shop; Max-Age=60");
    }

    @Test
    void noNodeEverGetsItAndEverythingElseStays() {
        FakeNode[] nodes = nodes(1);
        RunningWeir weir = WEIR.start(config(nodes));
        String ours = pair(get(weir));
        String name = ours.substring(0, ours.indexOf('='));
        nodes[0].forget();

        get(weir, ours);
        get(weir, "a=1; " + ours + "; b=\"2 \"");
        get(weir, ours + ";c=3;" + ours, "d=4", name + "=forged;e=5;;nameless");
        get(
                weir,
                "x"
                        + ours
                        + "; "
                        + ours
                        + "; "
                        + name
                        + "x=6;"
                        + name.toUpperCase(Locale.ROOT)
                        + "=7");

        List<List<String>> seen =
                nodes[0].received().stream().map(r -> r.fields().values("Cookie")).toList();
        assertThat(seen.get(0)).isEmpty();
        assertThat(seen.get(1)).containsExactly("a=1; b=\"2 \"");
        assertThat(seen.get(2)).containsExactlyInAnyOrder("c=3", "d=4", "e=5; nameless");
        assertThat(seen.get(3))
                .containsExactly(
                        "x" + ours + "; " + name + "x=6; " + name.toUpperCase(Locale.ROOT) + "=7");
        assertThat(nodes[0].violations()).isEmpty();
    }

    @Test
    void aForgedOrStaleCookieCountsAsNone() {
        FakeNode[] nodes = nodes(3);
        RunningWeir weir = WEIR.start(config(nodes, "failure-mode: close"));
        String good = pair(get(weir));
        String name = good.substring(0, good.indexOf('='));
        String token = good.substring(name.length() + 1);
        RunningWeir stranger =
                WEIR.start(config(nodes).replace("a key for every member", "a key of another one"));
        String foreign = pair(get(stranger));

        char last = token.charAt(31) == 'A' ? 'B' : 'A';
        for (String forged :
                List.of(
                        "",
                        token.substring(0, 8),
                        token.substring(0, 31),
                        token + "A",
                        token.substring(0, 31) + last,
                        (token.charAt(0) == 'A' ? "B" : "A") + token.substring(1),
                        nodes[0].address(),
                        Base64.getEncoder()
                                .encodeToString(
                                        nodes[0].address().getBytes(StandardCharsets.ISO_8859_1)),
                        "x".repeat(5000),
                        "é".repeat(32),
                        foreign.substring(foreign.indexOf('=') + 1))) {
            ReceivedResponse answer = get(weir, name + "=" + forged);
            assertThat(answer.status()).as(forged).isEqualTo(200);
            assertThat(answer.field("Set-Cookie")).as(forged).matches(SHAPE);
        }
        // A good one behind bad ones still counts.
        String home = get(weir, good).field("X-Node");
        for (int i = 0; i < 10; i++) {
            assertThat(get(weir, name + "=bad; " + foreign, good).field("X-Node")).isEqualTo(home);
        }
        // Its node leaves the pool: the cookie is stale.
        FakeNode[] others =
                Arrays.stream(nodes).filter(n -> !n.name().equals(home)).toArray(FakeNode[]::new);
        weir.apply(config(others, "failure-mode: close"));
        ReceivedResponse answer = get(weir, good);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(pair(answer)).isNotEqualTo(good);
    }

    @Test
    void itTellsNeitherAddressNorPortNorHowNodesAreRelated() {
        FakeNode[] nodes = nodes(3);
        RunningWeir weir = WEIR.start(config(nodes));
        Map<String, String> tokens = new TreeMap<>();
        for (int i = 0; i < 12; i++) {
            ReceivedResponse answer = get(weir);
            String token = pair(answer).substring(pair(answer).indexOf('=') + 1);
            assertThat(tokens.merge(answer.field("X-Node"), token, (a, b) -> b)).isEqualTo(token);
            String decoded =
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.ISO_8859_1);
            for (FakeNode node : nodes) {
                assertThat(token + decoded)
                        .doesNotContain("127.0.0.1")
                        .doesNotContain(Integer.toString(node.port()));
            }
        }
        assertThat(tokens.values()).doesNotHaveDuplicates().hasSize(3);
        assertThat(tokens.values().stream().map(t -> t.substring(0, 8))).doesNotHaveDuplicates();
    }

    @Test
    void answersOfWeirItselfSetNone() {
        RunningWeir weir = WEIR.start(config(new FakeNode[] {FakeNode.refusing("gone")}));
        ReceivedResponse answer = get(weir);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.fields().has("Set-Cookie")).isFalse();
    }

    @Test
    void aPoolWithoutAClassIsLeftAlone() {
        FakeNode node = WEIR.node("plain");
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                + "persistence-classes:\n  unused: {type: transparent}\n");
        ReceivedResponse answer = get(weir, "X-Mapping-01234567=theirs");
        assertThat(answer.fields().has("Set-Cookie")).isFalse();
        assertThat(node.received().get(0).fields().values("Cookie"))
                .as("a cookie of another traffic manager behind this one")
                .containsExactly("X-Mapping-01234567=theirs");
    }

    @Test
    void besideTheApplicationsCookieItComesAndGoesWithThat() {
        FakeNode node =
                WEIR.node(
                        "app",
                        Behaviour.answering(
                                request ->
                                        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                                                        + switch (request.target()) {
                                                            case "/in" -> "Set-Cookie: SID=1\r\n";
                                                            case "/out" ->
                                                                    "Set-Cookie: SID=; Max-Age=0"
                                                                            + "\r\n";
                                                            default -> "Set-Cookie: SIDE=1\r\n";
                                                        }
                                                        + "\r\n")
                                                .getBytes(StandardCharsets.ISO_8859_1)));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node).pool("persistence: sticky")
                                + "persistence-classes:\n"
                                + "  sticky: {type: cookie, cookie: SID}\n");
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(ask(client, "/", "")).hasSize(1);
            List<String> in = ask(client, "/in", "");
            assertThat(in).hasSize(2);
            assertThat(in.get(1)).matches(SHAPE);
            String ours = in.get(1).split(";", 2)[0];
            assertThat(ask(client, "/", "SID=1; " + ours)).hasSize(1);
            assertThat(ask(client, "/", "SID=1")).hasSize(2);
            List<String> out = ask(client, "/out", "SID=1; " + ours);
            assertThat(out.get(1))
                    .startsWith(ours.substring(0, ours.indexOf('=')) + "=;")
                    .contains("Max-Age=0");
        }
    }

    private static List<String> ask(RawClient client, String path, String cookies) {
        return client.exchange(
                        "GET "
                                + path
                                + " HTTP/1.1\r\nHost: w.test\r\n"
                                + (cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n")
                                + "\r\n")
                .fields()
                .values("Set-Cookie");
    }
}
