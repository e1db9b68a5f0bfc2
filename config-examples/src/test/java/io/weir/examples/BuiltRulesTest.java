package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What is built of conditions and actions does what its description says: ten descriptions become
 * rules by the module of the pages that writes them, and Weir decides by each about requests which
 * {@link Policy} decides about, too: a hundred, or {@code -Dweir.requests=1000}.
 */
class BuiltRulesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final Path WRITER =
            Path.of("..", "admin-ui", "src", "main", "ui", "parts", "built-rule.js");

    private static final int REQUESTS = Integer.getInteger("weir.requests", 100);

    /** Requests that are sent before their answers are read. */
    private static final int AT_ONCE = 10;

    private static final List<String> DESCRIPTIONS =
            """
            {"match": "all", "conditions": [{"subject": "path", "compare": "starts", "value": "/shop/"}], "actions": [], "end": {"does": "pool", "first": "gold"}}
            {"match": "any", "conditions": [{"subject": "method", "compare": "is", "value": "POST"}, {"subject": "query", "compare": "contains", "value": "debug=1"}], "actions": [], "end": {"does": "redirect", "first": "https://www.example.com/x?a='b'"}}
            {"match": "all", "conditions": [{"subject": "host", "compare": "is-not", "value": "www.example.com"}, {"subject": "client", "compare": "within", "value": "10.0.0.0/8"}], "actions": [], "end": {"does": "discard"}}
            {"match": "all", "conditions": [{"subject": "header", "name": "X-Name", "compare": "is", "value": "o'clock\\\\"}], "actions": [{"does": "set-header", "first": "X-Set", "second": "it's so"}, {"does": "log", "first": "größer"}], "end": {"does": "none"}}
            {"match": "all", "conditions": [{"subject": "header", "name": "X-Name", "compare": "missing"}, {"subject": "port", "compare": "is", "value": "443"}], "actions": [], "end": {"does": "answer", "first": "403", "second": "schöne Grüße"}}
            {"match": "any", "conditions": [{"subject": "path", "compare": "ends", "value": ".gif"}, {"subject": "path", "compare": "matches", "value": "\\\\.(png|jpg)$"}, {"subject": "query", "compare": "contains", "value": "größe=日本"}], "actions": [{"does": "remove-header", "first": "X-Name"}], "end": {"does": "pool", "first": "gold"}}
            {"match": "all", "conditions": [{"subject": "cookie", "name": "sid", "compare": "there"}, {"subject": "path", "compare": "contains-not", "value": "ü"}], "actions": [{"does": "set-header", "first": "X-Set", "second": "Zoë"}], "end": {"does": "pool", "first": "gold"}}
            {"match": "any", "conditions": [{"subject": "header", "name": "X-Name", "compare": "is", "value": "Zoë"}, {"subject": "cookie", "name": "sid", "compare": "is", "value": "àé"}], "actions": [{"does": "set-path", "first": "/日本/à"}], "end": {"does": "none"}}
            {"match": "any", "conditions": [{"subject": "path", "compare": "is", "value": "/it's"}, {"subject": "path", "compare": "matches", "value": "^/m[üu]sl.$"}, {"subject": "path", "compare": "matches", "value": "^/....n$"}], "actions": [], "end": {"does": "redirect", "first": "/neu/é"}}
            {"match": "all", "conditions": [], "actions": [{"does": "answer-header", "first": "X-Answer", "second": "日本"}], "end": {"does": "none"}}
            """
                    .lines()
                    .toList();

    /** What a node got, and which it is, told by what goes back. */
    private static Behaviour telling(String name) {
        return Behaviour.answering(
                request ->
                        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Node: %s\r\nX-Target: %s\r\n"
                                                .formatted(name, request.target())
                                        + "X-Seen: %s %s\r\n\r\n"
                                                .formatted(
                                                        request.fields().first("X-Name"),
                                                        request.fields().first("X-Set")))
                                .getBytes(ISO_8859_1));
    }

    @Test
    void decidesAsItsDescriptionSays(@TempDir Path directory) throws IOException {
        List<Policy> policies = new ArrayList<>();
        for (String description : DESCRIPTIONS) {
            policies.add(new Policy(new JsonMapper().readTree(description)));
        }
        RunningWeir weir = WEIR.startIn(directory, configuration(policies, directory));

        for (int i = 0; i < policies.size(); i++) {
            Policy policy = policies.get(i);
            int port = weir.port("s" + i);
            Random random = new Random(i);
            List<String> wrong = new ArrayList<>();
            int held = 0;
            for (int sent = 0; sent < REQUESTS; ) {
                Policy.Origin origin = Policy.Origin.random(random);
                List<Policy.Asked> batch = new ArrayList<>();
                for (int k = 0; k < (policy.cuts() ? 1 : AT_ONCE); k++) {
                    batch.add(Policy.Asked.random(random, origin));
                }
                wrong.addAll(differences(port, policy, origin, batch));
                held += (int) batch.stream().filter(policy::holds).count();
                sent += batch.size();
            }
            assertThat(wrong).as(policy.toString()).isEmpty();
            assertThat(held).as("requests of %s", policy).isGreaterThan(REQUESTS / 50);
        }
    }

    private static List<String> differences(
            int port, Policy policy, Policy.Origin origin, List<Policy.Asked> batch) {
        List<String> wrong = new ArrayList<>();
        try (RawClient client = RawClient.to(port)) {
            StringBuilder text = new StringBuilder(origin.proxyHeader());
            batch.forEach(asked -> text.append(asked.text()));
            client.send(text.toString().getBytes(UTF_8));
            for (Policy.Asked asked : batch) {
                String expected = policy.outcome(asked);
                String outcome =
                        expected.equals("cut") && client.closedByPeer()
                                ? "cut"
                                : Policy.told(client.response(asked.method()));
                if (!outcome.equals(expected)) {
                    wrong.add(asked + ": " + outcome + ", expected " + expected);
                }
            }
        }
        return wrong;
    }

    /** A virtual server for each policy, which trusts its client to say where it comes from. */
    private static String configuration(List<Policy> policies, Path directory) throws IOException {
        FakeNode web = WEIR.node("web", telling("web"));
        FakeNode gold = WEIR.node("gold", telling("gold"));
        StringBuilder servers = new StringBuilder();
        StringBuilder rules = new StringBuilder();
        List<String> sources = written(policies);
        for (int i = 0; i < sources.size(); i++) {
            Files.writeString(directory.resolve("r" + i + ".js"), sources.get(i));
            servers.append(
                    """
                      s%d:
                        listen: 127.0.0.1:0
                        proxy-protocol: true
                        pool: web
                        %s: [r%d]
                    """
                            .formatted(i, policies.get(i).list(), i));
            rules.append("  r%d: r%d.js\n".formatted(i, i));
        }
        return """
        global:
          admin: off
          metrics: off
          event-loops: 1
          trusted-proxies: [127.0.0.0/8]
        pools:
          web: {nodes: ["%s"]}
          gold: {nodes: ["%s"]}
        virtual-servers:
        %srules:
        %s\
        """
                .formatted(web.address(), gold.address(), servers, rules);
    }

    /** The programs for descriptions; each is known again for what it was made of. */
    private static List<String> written(List<Policy> policies) throws IOException {
        try (Context context =
                Context.newBuilder("js")
                        .allowExperimentalOptions(true)
                        .allowIO(IOAccess.ALL)
                        .option("js.esm-eval-returns-exports", "true")
                        .option("engine.WarnInterpreterOnly", "false")
                        .build()) {
            Value writer =
                    context.eval(
                            Source.newBuilder("js", WRITER.toFile())
                                    .mimeType("application/javascript+module")
                                    .build());
            Value json = context.eval("js", "JSON");
            List<String> sources = new ArrayList<>();
            for (Policy policy : policies) {
                Value description = json.invokeMember("parse", policy.description().toString());
                String source = writer.invokeMember("source", description).asString();
                Value again = writer.invokeMember("description", source);
                JsonNode read =
                        new JsonMapper().readTree(json.invokeMember("stringify", again).asString());
                assertThat(read).isEqualTo(policy.description());
                assertThat(writer.invokeMember("description", source + " ").isNull())
                        .as("what was changed by hand is known for what was built")
                        .isTrue();
                sources.add(source);
            }
            return sources;
        }
    }
}
