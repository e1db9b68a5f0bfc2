package io.weir.tm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig.State;
import io.weir.config.Overlay;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.Edit;
import io.weir.control.Extension;
import io.weir.control.LeaseRequest;
import io.weir.control.NodeCommand;
import io.weir.control.Rehearsal;
import io.weir.control.SafetyQuestion;
import io.weir.metrics.Metrics;
import io.weir.rest.RestExtension;
import io.weir.rest.RestRig;
import io.weir.runtime.NodeUse;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

class TmTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private RestRig rig;
    private Control control;

    @BeforeEach
    void open() throws Exception {
        rig = new RestRig(state);
        control = rig.control;
        rig.door
                .server()
                .mount(
                        TmHandler.MOUNT,
                        new TmHandler(control, new Metrics(1)),
                        new MountOptions(1 << 20, SignIn.BASIC, "Stingray REST API"));
        control.change(
                Change.of(
                        new Edit.Put(
                                List.of(),
                                JSON.readTree(
                                        """
                                        {"pools": {"web": {"nodes": ["a:80", "b:80"],
                                                           "max-reply-time": "5s"}},
                                         "virtual-servers": {
                                           "shop": {"listen": ":8080", "pool": "web", "log": true},
                                           "blog": {"listen": ["127.0.0.1:8081"], "pool": ["c:80"]}}}
                                        """))),
                RestRig.ROOT);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void theTreeIsWalkedFromItsRoot() throws Exception {
        assertThat(names(get(""))).contains("8.3").last().isEqualTo("8.3");
        assertThat(names(get("/8.3/"))).containsExactly("config", "status");
        JsonNode types = get("/8.3/config/active/");
        assertThat(names(types)).startsWith("pools", "virtual_servers").contains("rules");
        assertThat(types.get("children").get(0).get("href").stringValue())
                .isEqualTo("/api/tm/8.3/config/active/pools/");
        assertThat(names(get("/8.3/config/active/pools"))).containsExactly("web", "blog");
        assertThat(names(get("/3.0/config/active/monitors"))).contains("Ping", "Simple HTTP");
        Answer missing = ask("GET", "/8.3/config/active/pools/nobody", "");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(JSON.readTree(missing.body()).get("error_id").stringValue())
                .isEqualTo("resource.not_found");
        assertThat(ask("GET", "/1.0/", "").status()).isEqualTo(404);
        assertThat(rig.door.ask("GET", "/api/tm/", "", "").head())
                .contains("401")
                .contains("Basic realm=\"Stingray REST API\"");
    }

    @Test
    void whatATrainingRunAsksForIsThere() throws Exception {
        for (Extension each : List.of(new TmExtension(), new RestExtension())) {
            assertThat(each.rehearsals()).isNotEmpty();
            for (Rehearsal wanted : each.rehearsals()) {
                assertThat(send("root", wanted.method(), wanted.path(), wanted.body()).status())
                        .as(wanted.path())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aNodeIsDrainedThroughTheTableOfNodesAndTakenBack() throws Exception {
        ObjectNode pool = pool("web");
        ((ObjectNode) table(pool).get(0)).put("state", "draining");
        ((ObjectNode) pool.get("properties").get("basic")).put("note", "disk is full");
        long before = control.desired().revision();
        assertThat(put("pools/web", pool).status()).isEqualTo(200);
        assertThat(table(pool("web")).get(0).get("state").stringValue()).isEqualTo("draining");
        assertThat(control.overlay().entries().getFirst().state()).isEqualTo(State.DRAINING);
        assertThat(control.overlay().entries().getFirst().reason()).isEqualTo("disk is full");
        assertThat(control.desired().revision()).isEqualTo(before);

        ((ObjectNode) table(pool).get(0)).put("state", "disabled");
        put("pools/web", pool);
        ((ObjectNode) table(pool).get(0)).put("state", "draining");
        put("pools/web", pool);
        assertThat(table(pool("web")).get(0).get("state").stringValue()).isEqualTo("draining");
        ((ObjectNode) table(pool).get(0)).put("state", "active");
        ((ObjectNode) table(pool).get(0)).put("weight", 7);
        put("pools/web", pool);
        assertThat(table(pool("web")).get(0).get("state").stringValue()).isEqualTo("active");
        assertThat(table(pool("web")).get(0).get("weight").intValue()).isEqualTo(7);
    }

    @Test
    void nothingIsDoneWhenADecisionAboutANodeIsRefused() throws Exception {
        NodeAddress node = new NodeAddress("b", 80);
        rig.plane()
                .use(
                        new NodeUse(
                                node,
                                Set.of(node),
                                List.of(
                                        new NodeUse.InPool(
                                                "web",
                                                "draining",
                                                true,
                                                false,
                                                0,
                                                0,
                                                0,
                                                0,
                                                0,
                                                0,
                                                0,
                                                60,
                                                0,
                                                1,
                                                1,
                                                List.of())),
                                Map.of(),
                                -1,
                                List.of()));
        control.setNode(NodeCommand.of(node, new NodeCommand.Drain()), RestRig.ROOT);
        control.lease(
                new LeaseRequest(
                        new SafetyQuestion(node, Duration.ZERO),
                        Duration.ofHours(1),
                        "alice",
                        "new disk"),
                RestRig.ROOT);
        Overlay decided = control.overlay();
        long before = control.desired().revision();
        ObjectNode pool = pool("web");
        ((ObjectNode) table(pool).get(0)).put("state", "draining");
        ((ObjectNode) table(pool).get(1)).put("state", "active");
        ((ObjectNode) pool.get("properties").get("connection")).put("max_reply_time", 9);

        Answer refused = put("pools/web", pool);

        assertThat(refused.status()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body()).contains("alice has a lease");
        assertThat(control.desired().revision()).isEqualTo(before);
        assertThat(control.overlay()).isEqualTo(decided);

        ((ObjectNode) table(pool).get(1)).put("state", "draining");
        assertThat(put("pools/web", pool).status()).isEqualTo(200);
        assertThat(control.desired().revision()).isEqualTo(before + 1);
        assertThat(names(table(pool("web")), "state")).containsExactly("draining", "draining");
    }

    @Test
    void whatWasReadCanBePutBackAndChangesNothing() throws Exception {
        long before = control.desired().revision();
        for (String object :
                List.of(
                        "pools/web",
                        "pools/blog",
                        "virtual_servers/shop",
                        "virtual_servers/blog",
                        "monitors/Simple%20HTTP")) {
            JsonNode found = get("/8.3/config/active/" + object);
            assertThat(put(object, found).status()).as(object).isEqualTo(200);
        }
        assertThat(control.desired().revision()).isEqualTo(before);
        assertThat(control.overlay().entries()).isEmpty();
    }

    @Test
    void onlyTheKeysThatAreThereArePut() throws Exception {
        String body =
                """
                {"properties": {
                  "basic": {"nodes_table": [
                      {"node": "b:80", "priority": 2, "state": "active", "weight": 1},
                      {"node": "c:80", "priority": 1, "state": "draining", "weight": 3}]},
                  "connection": {"max_reply_time": 9},
                  "load_balancing": {"algorithm": "least_connections", "priority_enabled": true},
                  "auto_scaling": {}, "kerberos": {"principal": ""}}}
                """;
        assertThat(put("pools/web", JSON.readTree(body)).status()).isEqualTo(200);
        JsonNode config = control.desired().document().get("pools").get("web");
        assertThat(config.get("max-reply-time").stringValue()).isEqualTo("9s");
        assertThat(config.get("algorithm").stringValue()).isEqualTo("least-connections");
        assertThat(config.get("priority-nodes").intValue()).isEqualTo(1);
        assertThat(names(table(pool("web")), "node")).containsExactly("b:80", "c:80");
        assertThat(names(table(pool("web")), "state")).containsExactly("active", "draining");
        assertThat(table(pool("web")).get(1).get("weight").intValue()).isEqualTo(3);

        JsonNode server =
                JSON.readTree(
                        "{\"properties\":{\"log\":{\"filename\":\"x.log\"},\"basic\":{\"port\":82}}}");
        assertThat(put("virtual_servers/shop", server).status()).isEqualTo(200);
        JsonNode shop = get("/8.3/config/active/virtual_servers/shop").get("properties");
        assertThat(shop.get("log").get("filename").stringValue()).isEqualTo("x.log");
        assertThat(shop.get("log").get("enabled").booleanValue()).isTrue();
        assertThat(shop.get("basic").get("port").intValue()).isEqualTo(82);
        assertThat(shop.get("basic").get("listen_on_any").booleanValue()).isTrue();

        // The list of nodes in a virtual server becomes a pool of its own.
        assertThat(
                        put(
                                        "pools/blog",
                                        JSON.readTree(
                                                "{\"properties\":{\"connection\":{\"max_reply_time\":3}}}"))
                                .status())
                .isEqualTo(200);
        assertThat(names(table(pool("blog")), "node")).containsExactly("c:80");
    }

    @Test
    void objectsAreMadeAndTakenAway() throws Exception {
        JsonNode pool =
                JSON.readTree(
                        "{\"properties\":{\"basic\":{\"nodes_table\":[{\"node\":\"x:1\"}]}}}");
        assertThat(put("pools/new", pool).status()).isEqualTo(201);
        JsonNode server =
                JSON.readTree(
                        "{\"properties\":{\"basic\":{\"pool\":\"new\",\"port\":9000,\"enabled\":false}}}");
        Answer made = put("virtual_servers/mine", server);
        assertThat(made.status()).isEqualTo(201);
        assertThat(
                        JSON.readTree(made.body())
                                .get("properties")
                                .get("basic")
                                .get("protocol")
                                .stringValue())
                .isEqualTo("http");
        Answer inUse = ask("DELETE", "/8.3/config/active/pools/new", "");
        assertThat(inUse.status()).isEqualTo(400);
        assertThat(ask("DELETE", "/8.3/config/active/virtual_servers/mine", "").status())
                .isEqualTo(204);
        assertThat(ask("DELETE", "/8.3/config/active/pools/new", "").status()).isEqualTo(204);
        assertThat(control.config().pools()).containsOnlyKeys("web", "blog");
    }

    @Test
    void rulesArePlainTexts() throws Exception {
        assertThat(ask("PUT", "/8.3/config/active/rules/greet", "log.info('hi');").status())
                .isEqualTo(201);
        assertThat(ask("GET", "/8.3/config/active/rules/greet", "").body())
                .isEqualTo("log.info('hi');");
        JsonNode use =
                JSON.readTree("{\"properties\":{\"basic\":{\"request_rules\":[\"/greet\"]}}}");
        assertThat(put("virtual_servers/shop", use).status()).isEqualTo(200);
        assertThat(
                        Objects.requireNonNull(control.config().virtualServers().get("shop"))
                                .requestRules()
                                .getFirst()
                                .enabled())
                .isFalse();
        assertThat(
                        get("/8.3/config/active/virtual_servers/shop")
                                .get("properties")
                                .get("basic")
                                .get("request_rules")
                                .get(0)
                                .stringValue())
                .isEqualTo("/greet");
        assertThat(
                        put(
                                        "virtual_servers/shop",
                                        JSON.readTree(
                                                "{\"properties\":{\"basic\":{\"request_rules\":[]}}}"))
                                .status())
                .isEqualTo(200);
        assertThat(ask("DELETE", "/8.3/config/active/rules/greet", "").status()).isEqualTo(204);
        assertThat(control.config().rules()).isEmpty();
        assertThat(control.files()).isEmpty();
    }

    @Test
    void aRuleLeavesTheFilesOfOthersAlone() throws Exception {
        String rules = "/8.3/config/active/rules/";
        ask("PUT", rules + "greet", "log.info('one');");
        control.change(Change.of(new Edit.Rename("rules", "greet", "welcome")), RestRig.ROOT);

        assertThat(ask("PUT", rules + "greet", "log.info('two');").status()).isEqualTo(201);
        assertThat(ask("GET", rules + "welcome", "").body()).isEqualTo("log.info('one');");

        assertThat(ask("PUT", rules + "welcome", "log.info('three');").status()).isEqualTo(204);
        assertThat(ask("GET", rules + "greet", "").body()).isEqualTo("log.info('two');");

        assertThat(ask("DELETE", rules + "greet", "").status()).isEqualTo(204);
        assertThat(ask("GET", rules + "welcome", "").body()).isEqualTo("log.info('three');");
        assertThat(ask("DELETE", rules + "welcome", "").status()).isEqualTo(204);
        assertThat(control.files()).isEmpty();
    }

    @Test
    void whatIsWrongIsToldBySectionAndKeyAndNothingChanges() throws Exception {
        long before = control.desired().revision();
        Answer unknown =
                put(
                        "pools/web",
                        JSON.readTree("{\"properties\":{\"basic\":{\"colour\":\"red\"}}}"));
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(
                        JSON.readTree(unknown.body())
                                .get("error_info")
                                .get("basic")
                                .get("colour")
                                .get("error_id")
                                .stringValue())
                .isEqualTo("json.unknown_property");
        Answer pool =
                put(
                        "virtual_servers/shop",
                        JSON.readTree("{\"properties\":{\"basic\":{\"pool\":\"nobody\"}}}"));
        assertThat(pool.status()).isEqualTo(400);
        assertThat(
                        JSON.readTree(pool.body())
                                .get("error_info")
                                .get("basic")
                                .get("pool")
                                .get("error_text")
                                .stringValue())
                .contains("nobody");
        Answer twice =
                put(
                        "pools/web",
                        JSON.readTree(
                                "{\"properties\":{\"basic\":{\"nodes_table\":[{\"node\":\"a:80\"},{\"node\":\"a:80\"}]}}}"));
        assertThat(twice.body()).contains("json.invalid_table").contains("a:80");
        for (String body : List.of("{", "{}", "{\"properties\":{\"basic\":{\"monitors\":7}}}")) {
            assertThat(ask("PUT", "/8.3/config/active/pools/web", body).status()).isEqualTo(400);
        }
        assertThat(ask("POST", "/8.3/config/active/pools/web", "{}").status()).isEqualTo(405);
        assertThat(control.desired().revision()).isEqualTo(before);
    }

    @Test
    void whoMayOnlyOperateDrainsAndChangesNothingElse() throws Exception {
        rig.users.setRole(
                "drainer",
                new Permissions(Map.of("pools", EnumSet.of(Permission.READ, Permission.OPERATE))),
                RestRig.ROOT);
        rig.users.add("pat", RestRig.PASSWORD, List.of("drainer"), RestRig.ROOT);
        ObjectNode pool = pool("web");
        ((ObjectNode) table(pool).get(0)).put("state", "draining");
        assertThat(asking("pat", "PUT", "/8.3/config/active/pools/web", pool.toString()).status())
                .isEqualTo(200);
        ((ObjectNode) pool.get("properties").get("connection")).put("max_reply_time", 99);
        assertThat(asking("pat", "PUT", "/8.3/config/active/pools/web", pool.toString()).status())
                .isEqualTo(403);
        for (String hidden : List.of("config/active/rules", "status/local_tm/state")) {
            assertThat(asking("pat", "GET", "/8.3/" + hidden, "").status()).isEqualTo(403);
        }
        assertThat(asking("pat", "DELETE", "/8.3/config/active/pools/web", "").status())
                .isEqualTo(403);
    }

    @Test
    void stateAndFiguresAreReported() throws Exception {
        String machine = "/8.3/status/local_tm/";
        JsonNode found = get(machine + "state").get("state");
        assertThat(names(found.get("pools"), "name")).containsExactly("web", "blog");
        assertThat(found.get("pools").get(0).get("active_nodes").intValue()).isEqualTo(2);
        assertThat(get(machine + "information").get("information").has("tm_version")).isTrue();
        assertThat(names(get(machine + "statistics/nodes/per_pool_node")))
                .containsExactly("web-a:80", "web-b:80", "blog-c:80");
        JsonNode node = get(machine + "statistics/nodes/per_pool_node/web-a%3A80");
        assertThat(node.get("statistics").get("state").stringValue()).isEqualTo("alive");
        assertThat(node.get("statistics").get("total_conn").intValue()).isEqualTo(500);
        assertThat(get(machine + "statistics/nodes/node/a:80").get("statistics").has("idle_conns"))
                .isTrue();
        assertThat(get(machine + "statistics/pools/web").get("statistics").get("nodes").intValue())
                .isEqualTo(2);
        assertThat(
                        get(machine + "statistics/virtual_servers/shop")
                                .get("statistics")
                                .get("total_requests")
                                .intValue())
                .isEqualTo(1000);
        assertThat(get(machine + "statistics/globals").get("statistics").has("total_bytes_in_hi"))
                .isTrue();
        assertThat(get(machine + "statistics/cache/web_cache").get("statistics").has("hits"))
                .isTrue();
    }

    private ObjectNode pool(String name) throws Exception {
        return (ObjectNode) get("/8.3/config/active/pools/" + name);
    }

    private static ArrayNode table(JsonNode pool) {
        return (ArrayNode) pool.get("properties").get("basic").get("nodes_table");
    }

    private static List<String> names(JsonNode directory) {
        return names(directory.get("children"), "name");
    }

    private static List<String> names(JsonNode list, String member) {
        return list.findValuesAsString(member);
    }

    private JsonNode get(String path) throws Exception {
        Answer answer = ask("GET", path, "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private Answer put(String object, JsonNode body) throws Exception {
        return ask("PUT", "/8.3/config/active/" + object, body.toString());
    }

    private Answer ask(String method, String path, String body) throws Exception {
        return asking("root", method, path, body);
    }

    private Answer asking(String user, String method, String path, String body) throws Exception {
        return send(user, method, TmHandler.MOUNT + path, body);
    }

    private Answer send(String user, String method, String path, String body) throws Exception {
        String pair = user + ":" + RestRig.PASSWORD;
        return rig.door.ask(
                method,
                path,
                "Authorization: Basic "
                        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
                        + "\r\n",
                body);
    }
}
