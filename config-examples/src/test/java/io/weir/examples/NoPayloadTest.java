package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.soap.table.Api;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Tables;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Secret words are sent in every place of the traffic and put into every secret of the
 * configuration; then everything that Weir says anywhere is searched for them.
 */
class NoPayloadTest {

    /** Where each word is put; all of them begin alike, so that nothing else can be meant. */
    private static final List<String> WORDS =
            List.of(
                    "canary-of-the-body",
                    "canary-of-the-answer",
                    "canary-of-authorization",
                    Base64.getEncoder()
                            .encodeToString("joe:canary-of-basic".getBytes(StandardCharsets.UTF_8)),
                    "canary-of-the-cookie",
                    "canary-of-set-cookie",
                    "canary-of-the-form",
                    "canary-of-a-field",
                    "canary-of-the-provider",
                    "canary-of-the-hook",
                    "canary-of-the-monitor",
                    "canary-of-a-wrong-password",
                    Administrator.PASSWORD);

    /** The access log, when one asks for it, has the line of the request as it came. */
    private static final String QUERY = "canary-of-the-query";

    private static final int MOST_OF_TREE = 400;

    @TempDir Path home;

    private final Map<String, String> said = new LinkedHashMap<>();

    @Test
    void noWordOfBodiesFieldsAndSecretsIsSaidAnywhere() throws Exception {
        try (FakeNode node = FakeNode.start("node", Behaviour.saying(answer("200 OK")));
                FakeNode poor = FakeNode.start("poor", Behaviour.saying(answer("503 Busy")))) {
            SeededStore.write(
                    home,
                    home.resolve("seeding"),
                    SeededStore.put(
                            """
                            {"listen": "127.0.0.1:0", "pool": "web", "explain": {"sample": 1},
                             "log": {"format": "combined"}}
                            """,
                            "virtual-servers",
                            "shop"),
                    SeededStore.put(
                            "{\"nodes\": [\"%s\", \"%s\"]}"
                                    .formatted(node.address(), poor.address()),
                            "pools",
                            "web"),
                    SeededStore.put(
                            """
                            {"admin": {"listen": "127.0.0.1:0"}, "metrics": "off"}
                            """,
                            "global"));
            Installation installed = new Installation(home);
            try (Installation.Running weir = installed.start(Map.of(), "run");
                    Administrator admin = new Administrator(weir)) {
                keepSecrets(admin);
                traffic(weir);
                overRest(admin);
                overSoap(admin);
                overTheTree(admin);
                overTheCommandLine(installed);
                said.put("standard output", weir.out());
                said.put("standard error", weir.err());
                inFiles();
            }
        }
        assertThat(said).hasSizeGreaterThan(150);
        assertThat(said.get("/api/v1/exchanges")).contains("/form?token=");
        List<String> found = new ArrayList<>();
        said.forEach(
                (where, text) -> {
                    for (String word : WORDS) {
                        if (text.contains(word)) {
                            found.add(word + " in " + where);
                        }
                    }
                    boolean accessLog = where.contains("shop.log");
                    if (text.contains(QUERY) && !accessLog) {
                        found.add(QUERY + " in " + where);
                    }
                });
        assertThat(found).isEmpty();
    }

    private static String answer(String status) {
        return "HTTP/1.1 "
                + status
                + "\r\nSet-Cookie: s=canary-of-set-cookie\r\nContent-Length: 20\r\n\r\n"
                + "canary-of-the-answer";
    }

    /** Secrets of several kinds, one of them changed again. */
    private static void keepSecrets(Administrator admin) throws Exception {
        put(
                admin,
                "actions/hook",
                "{\"type\": \"webhook\", \"url\": \"http://127.0.0.1:1/\", \"token\":"
                        + " \"canary-of-the-hook\"}");
        put(
                admin,
                "monitors/asker",
                "{\"type\": \"http\", \"authentication\": \"weir:canary-of-the-monitor\"}");
        HttpResponse<String> global =
                admin.ask(
                        "PATCH",
                        "/api/v1/config/global",
                        "{\"admin\": {\"oidc\": {\"issuer\": \"https://127.0.0.1:1\","
                                + " \"client-secret\": \"canary-of-the-provider\"}}}");
        assertThat(global.statusCode()).as(global.body()).isEqualTo(200);
        put(
                admin,
                "actions/hook",
                "{\"type\": \"webhook\", \"url\": \"http://127.0.0.1:1/\", \"token\":"
                        + " \"canary-of-the-hook twice\"}");
        // Refused, with the whole of what was sent in the problem if anybody were careless.
        HttpResponse<String> refused =
                admin.ask(
                        "PUT",
                        "/api/v1/config/actions/bad",
                        "{\"type\": \"webhook\", \"token\": \"canary-of-the-hook\", \"nil\": 1}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).doesNotContain("canary");
        HttpResponse<String> wrong =
                admin.ask(
                        "POST",
                        "/api/v1/session",
                        "{\"user\": \"admin\", \"password\": \"canary-of-a-wrong-password\"}");
        assertThat(wrong.statusCode()).isEqualTo(401);
    }

    private static void put(Administrator admin, String object, String json) throws Exception {
        HttpResponse<String> answer = admin.ask("PUT", "/api/v1/config/" + object, json);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    private static void traffic(Installation.Running weir) {
        String fields =
                "Host: a.example\r\nAuthorization: Bearer canary-of-authorization\r\n"
                        + "Cookie: s=canary-of-the-cookie\r\nX-Api-Key: canary-of-a-field\r\n";
        String form = "word=canary-of-the-form&more=canary-of-the-body";
        String post =
                "POST /form?token="
                        + QUERY
                        + " HTTP/1.1\r\n"
                        + fields
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                        + form.length()
                        + "\r\n\r\n"
                        + form;
        try (RawClient client = RawClient.to(weir.address())) {
            for (int i = 0; i < 6; i++) {
                assertThat(client.exchange(post).status()).isIn(200, 503);
            }
        }
        String basic =
                "GET /?q="
                        + QUERY
                        + " HTTP/1.1\r\nHost: a.example\r\nAuthorization: "
                        + Administrator.basic("joe", "canary-of-basic")
                        + "\r\n\r\n";
        try (RawClient client = RawClient.to(weir.address())) {
            assertThat(client.exchange(basic).status()).isIn(200, 503);
        }
        // What no strict reader accepts must not be shown either.
        try (RawClient client = RawClient.to(weir.address())) {
            String twofold =
                    post.replace("Content-Length", "Transfer-Encoding: chunked\r\nContent-Length");
            assertThat(client.exchange(twofold).status()).isEqualTo(400);
        }
        try (RawClient client = RawClient.to(weir.address())) {
            assertThat(client.exchange("canary-of-the-body canary-of-a-field\r\n\r\n").status())
                    .isEqualTo(400);
        }
        // The client that is still there when everything is looked at.
        RawClient waiting = RawClient.to(weir.address());
        waiting.send(post.substring(0, post.length() - 5));
    }

    /** Everything that can be read by the description of the API, with what the lists name. */
    private void overRest(Administrator admin) throws Exception {
        JsonNode paths = admin.get("/api/openapi.json").get("paths");
        List<String> targets = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            boolean endless = path.getKey().endsWith("/stream");
            if (path.getValue().has("get") && !endless && !path.getKey().contains("{")) {
                targets.add("/api" + path.getKey());
            }
        }
        targets.add("/api/v1/connections?ended=true");
        targets.add("/api/v1/events?max=1000");
        targets.add("/api/v1/session");
        for (JsonNode each : admin.get("/api/v1/exchanges").get("exchanges")) {
            targets.add("/api/v1/exchanges/" + each.get("id").stringValue());
        }
        JsonNode revisions = admin.get("/api/v1/revisions").get("revisions");
        for (JsonNode each : revisions) {
            targets.add("/api/v1/revisions/" + each.get("revision"));
            targets.add("/api/v1/revisions/" + each.get("revision") + "/difference/1");
        }
        for (JsonNode each : admin.get("/api/v1/logs").get("logs")) {
            String name = each.get("name").stringValue();
            targets.add("/api/v1/logs/" + name);
            targets.add("/api/v1/logs/" + name + "/lines?after=oldest");
        }
        for (String section : admin.get("/api/v1/config").get("config").propertyNames()) {
            targets.add("/api/v1/config/" + section);
        }
        for (String target : targets) {
            said.put(target, admin.ask("GET", target, "").body());
        }
        assertThat(said).containsKey("/api/v1/process/report");
    }

    /** Every call that only looks and takes no parameter. */
    private void overSoap(Administrator admin) throws Exception {
        for (Api api : Tables.load().all()) {
            for (Operation operation : api.all()) {
                if (api.isCallback()
                        || !operation.parts().isEmpty()
                        || !operation.name().startsWith("get")) {
                    continue;
                }
                String call =
                        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>"
                                + "<p:%s xmlns:p=\"%s\"/></e:Body></e:Envelope>"
                                        .formatted(operation.name(), api.namespace());
                said.put(
                        "SOAP " + api.name() + api.version() + "." + operation.name(),
                        admin.ask("POST", "/soap", call, "Content-Type", "text/xml").body());
            }
        }
    }

    /** The tree of the model product, as far as it goes. */
    private void overTheTree(Administrator admin) throws Exception {
        Deque<String> ahead = new ArrayDeque<>(List.of("/api/tm/8.3/"));
        Set<String> seen = new HashSet<>();
        while (!ahead.isEmpty() && seen.size() < MOST_OF_TREE) {
            String path = ahead.removeFirst();
            if (seen.add(path)) {
                HttpResponse<String> answer = admin.ask("GET", path, "");
                said.put(path, answer.body());
                if (answer.statusCode() == 200 && answer.body().contains("\"children\"")) {
                    for (JsonNode child : admin.get(path).path("children")) {
                        ahead.add(child.get("href").stringValue());
                    }
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(20);
    }

    private void overTheCommandLine(Installation installed) throws Exception {
        for (List<String> command :
                List.of(
                        List.of("status", "-o", "json"),
                        List.of("connections", "--ended", "-o", "json"),
                        List.of("explain", "--last-error"),
                        List.of("user", "list"))) {
            Installation.Answer answer = installed.weir(command.toArray(String[]::new));
            assertThat(answer.code()).as(answer.err()).isZero();
            said.put("weir " + command, answer.out() + answer.err());
        }
    }

    /** What lies in the directories; secrets themselves have a place that only Weir can read. */
    private void inFiles() throws IOException {
        for (String directory : List.of("log", "state", "run")) {
            try (Stream<Path> files = Files.walk(home.resolve(directory))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = home.relativize(file).toString();
                    if (!name.contains("/secrets/")) {
                        said.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        assertThat(said).containsKeys("log/shop.log", "state/audit/audit.log");
    }
}
