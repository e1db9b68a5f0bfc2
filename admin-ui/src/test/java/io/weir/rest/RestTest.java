package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.admin.users.Accounts;
import io.weir.admin.users.Gatekeeper;
import io.weir.admin.users.PasswordCheck;
import io.weir.control.Audit;
import io.weir.control.Author;
import io.weir.control.Control;
import io.weir.control.ExtensionContext;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.Users;
import io.weir.control.managed.ManagedSource;
import io.weir.control.store.AccountStore;
import io.weir.control.store.Directories;
import io.weir.control.store.OverlayStore;
import io.weir.metrics.Metrics;
import io.weir.testkit.AdminDoor;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.MemoryTempDir;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

class RestTest {

    private static final Author ROOT = new Author("root", Author.Channel.COMMAND_LINE, "");

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private final RecordingEvents events = new RecordingEvents();
    private final ManualTicker ticker = new ManualTicker();
    private @Nullable RecordingPlane plane;
    private Control control;
    private Users users;
    private AdminDoor door;
    private String root;
    private List<Operation> operations;

    @BeforeEach
    void open() throws Exception {
        SecureRandom random = new SecureRandom();
        control =
                Control.start(
                        new ManagedSource(state.resolve("store"), Map.of(), new Random(), ticker),
                        (config, overlay) -> plane = new RecordingPlane(config, overlay),
                        new OverlayStore(state),
                        null,
                        Audit.in(state.resolve("audit"), ticker),
                        events,
                        ticker);
        Accounts accounts = Accounts.open(new AccountStore(state), events, ticker, random);
        PasswordCheck passwords = new PasswordCheck(accounts, events, ticker, random, delay -> {});
        users = new Users(accounts, passwords, control.audit());
        users.add("root", "correct horse battery", List.of("admin"), ROOT);
        root = token("root");
        door = AdminDoor.open(new Gatekeeper(accounts, passwords, ticker), state);
        ExtensionContext context =
                new ExtensionContext(
                        control,
                        events,
                        ticker,
                        new Directories(state, state, state),
                        new Metrics(1),
                        door.server(),
                        users);
        operations = Api.operations(context);
        door.server()
                .mount(
                        "/api",
                        new Router(operations, control.audit()),
                        new MountOptions(1 << 20, SignIn.SESSION_OR_TOKEN));
        assertThat(put("pools/web", "{\"nodes\":[\"a:80\",\"b:80\"]}").status()).isEqualTo(201);
        assertThat(put("virtual-servers/shop", "{\"listen\":\":8080\",\"pool\":\"web\"}").status())
                .isEqualTo(201);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void objectsAreMadeReadChangedRenamedAndTakenAway() throws Exception {
        assertThat(ask("GET", "config/pools/web", "").body()).contains("a:80");
        assertThat(ask("PATCH", "config/pools/web", "{\"max-reply-time\":\"5s\"}").status())
                .isEqualTo(200);
        assertThat(json(ask("GET", "config/pools/web", "")).get("nodes").size()).isEqualTo(2);
        assertThat(json(ask("GET", "config/pools/web", "")).get("max-reply-time").stringValue())
                .isEqualTo("5s");
        ask("PATCH", "config/pools/web", "{\"max-reply-time\":null}");
        assertThat(ask("GET", "config/pools/web", "").body()).doesNotContain("max-reply-time");

        assertThat(ask("POST", "config/pools/web/rename", "{\"to\":\"www\"}").status())
                .isEqualTo(200);
        assertThat(ask("GET", "config/virtual-servers/shop", "").body()).contains("www");
        assertThat(ask("GET", "config/pools/web", "").status()).isEqualTo(404);

        Answer refused = ask("DELETE", "config/pools/www", "");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.head()).contains("application/problem+json");
        assertThat(json(refused).get("problems").toString()).contains("virtual-servers.shop.pool");
        assertThat(put("pools/spare", "{\"nodes\":[\"c:80\"]}").status()).isEqualTo(201);
        assertThat(ask("DELETE", "config/pools/spare", "").status()).isEqualTo(200);
    }

    @Test
    void aWrongValueIsRefusedWithItsKeyAndNothingChanges() throws Exception {
        long before = control.desired().revision();
        Answer answer = put("pools/web", "{\"nodes\":[\"a:80\"],\"algorithm\":\"rund-robin\"}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(json(answer).get("problems").get(0).get("path").stringValue())
                .isEqualTo("pools.web.algorithm");
        assertThat(control.desired().revision()).isEqualTo(before);
        assertThat(put("pools/web", "{\"nodes\":").status()).isEqualTo(400);
        assertThat(put("pools/web", "{\"nodes\":[],\"nodes\":[]}").status()).isEqualTo(400);
        assertThat(ask("GET", "config/poools", "").status()).isEqualTo(404);
        assertThat(ask("POST", "config/pools", "{}").status()).isEqualTo(405);
    }

    @Test
    void aDryRunTellsThePlanAndAStaleRevisionIsRefused() throws Exception {
        Answer plan = ask("PUT", "config/pools/new?dry-run=true", "{\"nodes\":[\"n:1\"]}");
        assertThat(plan.status()).isEqualTo(200);
        assertThat(plan.body()).contains("pools/new").contains("added");
        assertThat(control.config().pools()).containsOnlyKeys("web");

        String tag = "\"" + control.desired().revision() + "\"";
        assertThat(ask("GET", "config/pools/web", "").head()).contains("ETag: " + tag);
        String patch = "{\"max-reply-time\":\"6s\"}";
        assertThat(asking("PATCH", "config/pools/web", "If-Match: " + tag, patch, root).status())
                .isEqualTo(200);
        assertThat(asking("PATCH", "config/pools/web", "If-Match: " + tag, patch, root).status())
                .isEqualTo(412);
    }

    @Test
    void severalEditsAreOneChangeAndCanBeTakenBack() throws Exception {
        long before = control.desired().revision();
        String edits =
                "{\"edits\":[{\"put\":[\"pools\",\"x\"],\"value\":{\"nodes\":[\"x:1\"]}},"
                        + "{\"put\":[\"virtual-servers\",\"shop\",\"pool\"],\"value\":\"x\"},"
                        + "{\"remove\":[\"pools\",\"web\"]}],\"comment\":\"move\"}";
        assertThat(ask("POST", "changes", edits).status()).isEqualTo(200);
        assertThat(control.desired().revision()).isEqualTo(before + 1);
        JsonNode latest = json(ask("GET", "revisions", "")).get("revisions").get(0);
        assertThat(latest.get("comment").stringValue()).isEqualTo("move");
        assertThat(latest.get("author").stringValue()).isEqualTo("root");
        assertThat(ask("GET", "revisions/" + before + "/difference/" + (before + 1), "").body())
                .contains("virtual-servers");
        assertThat(ask("POST", "revisions/" + before + "/rollback", "").status()).isEqualTo(200);
        assertThat(control.config().pools()).containsOnlyKeys("web");
        String halfWrong =
                "{\"edits\":[{\"put\":[\"pools\",\"y\"],\"value\":{\"nodes\":[\"y:1\"]}},"
                        + "{\"remove\":[\"pools\",\"nobody\"]}]}";
        assertThat(ask("POST", "changes", halfWrong).status()).isEqualTo(404);
        assertThat(control.config().pools()).containsOnlyKeys("web");
        assertThat(ask("GET", "audit", "").body()).contains("rollback").contains("root");
    }

    @Test
    void nodesAreDrainedAndTakenBack() throws Exception {
        Answer drained = ask("POST", "nodes/a:80/drain", "{\"reason\":\"disk\",\"seconds\":60}");
        assertThat(drained.status()).isEqualTo(200);
        assertThat(drained.body()).contains("draining");
        assertThat(control.overlay().entries().getFirst().owner()).isEqualTo("root");
        assertThat(ask("POST", "nodes/a:80/undrain", "").status()).isEqualTo(200);
        assertThat(control.overlay().entries()).isEmpty();
        assertThat(ask("POST", "nodes/b%3A80/weight", "{\"weight\":5}").body()).contains("5");
        assertThat(ask("POST", "nodes/z:80/drain", "").status()).isEqualTo(404);
        assertThat(ask("POST", "nodes/nonsense/drain", "").status()).isEqualTo(400);
        assertThat(ask("POST", "nodes/a:80/drain", "{\"reson\":\"x\"}").status()).isEqualTo(400);
    }

    @Test
    void theTrafficIsLookedAtAndWrongQuestionsAreRefused() throws Exception {
        String question = "{\"request\":\"GET http://a.example:8080/x\"}";
        JsonNode answer = json(ask("POST", "explain", question));
        assertThat(answer.get("virtualServer").stringValue()).isEqualTo("shop");
        assertThat(answer.get("candidates").size()).isEqualTo(2);
        assertThat(ask("POST", "explain", "{\"request\":\"x\"}").status()).isEqualTo(400);
        assertThat(json(ask("GET", "exchanges", "")).get("exchanges").size()).isZero();
        assertThat(ask("GET", "exchanges/0-1", "").status()).isEqualTo(404);
        assertThat(ask("GET", "exchanges?kept=lost", "").status()).isEqualTo(400);
        assertThat(ask("GET", "exchanges?virtual-server=nobody", "").status()).isEqualTo(404);
        assertThat(json(ask("GET", "connections", "")).get("total").intValue()).isZero();
        assertThat(ask("GET", "connections?state=Q", "").status()).isEqualTo(400);
        assertThat(ask("GET", "connections?client=localhost", "").status()).isEqualTo(400);
        assertThat(json(ask("GET", "series", "")).get("series").size()).isZero();
        assertThat(ask("GET", "series/data?id=x", "").status()).isEqualTo(503);
        assertThat(ask("GET", "series/data", "").status()).isEqualTo(400);
        assertThat(ask("GET", "series/data?id=x&from=yesterday", "").status()).isEqualTo(400);
    }

    @Test
    void tenEditorsAtOnceLoseNothing() throws Exception {
        CountDownLatch done = new CountDownLatch(10);
        List<Integer> statuses = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 10; i++) {
            int editor = i;
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    for (int n = 0; n < 3; n++) {
                                        statuses.add(
                                                ask(
                                                                "PATCH",
                                                                "config/pools",
                                                                "{\"p"
                                                                        + editor
                                                                        + "-"
                                                                        + n
                                                                        + "\":{\"nodes\":[\"n:1\"]}}")
                                                        .status());
                                    }
                                } catch (Exception e) {
                                    statuses.add(0);
                                } finally {
                                    done.countDown();
                                }
                            });
        }
        assertThat(done.await(120, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(statuses).hasSize(30).containsOnly(200);
        assertThat(control.config().pools()).hasSize(31);
    }

    @Test
    void usersAndRolesAreAdministered() throws Exception {
        assertThat(
                        ask(
                                        "PUT",
                                        "roles/drainer",
                                        "{\"permissions\":{\"pools\":[\"read\",\"operate\"]}}")
                                .status())
                .isEqualTo(200);
        Answer added =
                ask(
                        "PUT",
                        "users/bob",
                        "{\"password\":\"good long words\",\"roles\":[\"drainer\"]}");
        assertThat(added.status()).isEqualTo(201);
        String bob = json(ask("POST", "tokens", "{\"user\":\"bob\"}")).get("secret").stringValue();
        assertThat(asking("POST", "nodes/a:80/drain", "", "", bob).status()).isEqualTo(200);
        assertThat(asking("GET", "config/pools/web", "", "", bob).status()).isEqualTo(200);
        assertThat(asking("GET", "config/rules", "", "", bob).status()).isEqualTo(403);
        assertThat(asking("GET", "config", "", "", bob).body())
                .contains("a:80")
                .doesNotContain("8080");
        assertThat(asking("DELETE", "users/root", "", "", bob).status()).isEqualTo(403);
        assertThat(control.audit().last(1).getFirst().action()).isEqualTo("removeUser");
        assertThat(control.audit().last(1).getFirst().accepted()).isFalse();
        assertThat(ask("GET", "users", "").body()).contains("bob").doesNotContain("argon2");
        assertThat(ask("PUT", "users/eve", "{\"password\":\"short\"}").status()).isEqualTo(400);
        assertThat(ask("PUT", "roles/typo", "{\"permissions\":{\"poools\":[\"read\"]}}").body())
                .contains("there is no kind of object poools");
        assertThat(ask("PATCH", "users/bob", "{\"roles\":[\"viewer\"]}").status()).isEqualTo(204);
        assertThat(asking("POST", "nodes/a:80/undrain", "", "", bob).status()).isEqualTo(403);
        JsonNode listed = json(ask("GET", "users", "")).get("users").get(0);
        assertThat(listed.get("name").stringValue()).isEqualTo("bob");
        assertThat(listed.get("view-only").booleanValue()).isTrue();
        assertThat(listed.get("source").stringValue()).isEqualTo("local");
        assertThat(listed.get("last-sign-in").isString()).isTrue();
        assertThat(listed.get("locked-seconds").intValue()).isZero();
        JsonNode roles = json(ask("GET", "roles", ""));
        assertThat(roles.get("kinds").toString()).contains("pools", "users", "audit", "files");
        assertThat(roles.get("roles").findValuesAsString("name"))
                .containsExactly("admin", "editor", "operator", "viewer", "drainer");
        assertThat(ask("DELETE", "users/bob", "").status()).isEqualTo(204);
        assertThat(asking("GET", "me", "", "", bob).status()).isEqualTo(401);
    }

    @Test
    void everybodyMakesTokensOfTheirOwnAndATokenMakesNoneThatMayMore() throws Exception {
        users.add("pat", "correct horse battery", List.of("viewer"), ROOT);
        String password = basic("pat", "correct horse battery");
        Answer made = door.ask("POST", "/api/v1/tokens", password, "{\"note\":\"mine\"}");
        assertThat(made.status()).isEqualTo(201);
        String token = json(made).get("secret").stringValue();
        assertThat(asking("POST", "tokens", "", "{}", token).status()).isEqualTo(403);
        String forRoot = "{\"user\":\"root\"}";
        assertThat(door.ask("POST", "/api/v1/tokens", password, forRoot).status()).isEqualTo(403);

        JsonNode seen = json(asking("GET", "tokens", "", "", token)).get("tokens");
        assertThat(seen.size()).isEqualTo(1);
        assertThat(seen.get(0).get("note").stringValue()).isEqualTo("mine");
        assertThat(json(ask("GET", "tokens", "")).get("tokens").size()).isEqualTo(2);
        String roots =
                Objects.requireNonNull(users.book().users().get("root")).tokens().getFirst().id();
        assertThat(asking("DELETE", "tokens/" + roots, "", "", token).status()).isEqualTo(403);
        String pats = seen.get(0).get("id").stringValue();
        assertThat(asking("DELETE", "tokens/" + pats, "", "", token).status()).isEqualTo(204);
        assertThat(asking("GET", "me", "", "", token).status()).isEqualTo(401);
        assertThat(ask("DELETE", "tokens/" + pats, "").status()).isEqualTo(404);
    }

    @Test
    void aRuleThatIsNoProgramIsRefusedAtItsLineByADryRunToo() throws Exception {
        Objects.requireNonNull(plane).unsound("%%%");
        for (boolean dryRun : new boolean[] {true, false}) {
            Answer refused = ask("POST", "changes", rule("1;%%%", dryRun));
            assertThat(refused.status()).isEqualTo(422);
            JsonNode problem = json(refused).get("problems").get(0);
            assertThat(problem.get("path").stringValue()).isEqualTo("rules.greet");
            assertThat(problem.get("line").intValue()).isEqualTo(1);
            assertThat(problem.get("column").intValue()).isEqualTo(3);
            assertThat(problem.get("severity").stringValue()).isEqualTo("error");
            assertThat(json(refused).get("warnings").toString())
                    .contains("no virtual server names");
        }
        assertThat(control.config().rules()).isEmpty();
        assertThat(ask("POST", "changes", rule("1;", true)).status()).isEqualTo(200);
        assertThat(ask("POST", "changes", rule("1;", false)).status()).isEqualTo(200);
        Objects.requireNonNull(plane).unsound("1;");
        assertThat(put("pools/more", "{\"nodes\":[\"m:80\"]}").status()).isEqualTo(201);
    }

    private static String rule(String source, boolean dryRun) {
        return "{\"edits\":[{\"put-file\":\"rules/greet.js\",\"content\":\""
                + source
                + "\"},{\"put\":[\"rules\",\"greet\"],\"value\":\"rules/greet.js\"}],\"dry-run\":"
                + dryRun
                + "}";
    }

    @Test
    void actionsAndEventTypesAreListedWithWhatIsBuiltIn() throws Exception {
        String edits =
                "{\"edits\":[{\"put\":[\"actions\",\"file\"],\"value\":{\"type\":\"log\"}},"
                        + "{\"put\":[\"event-types\",\"All Events\"],"
                        + "\"value\":{\"actions\":[\"file\"]}},"
                        + "{\"put\":[\"event-types\",\"mine\"],"
                        + "\"value\":{\"events\":[\"nodefail\"],\"actions\":[\"file\"]}}]}";
        assertThat(ask("POST", "changes", edits).status()).isEqualTo(200);
        JsonNode answer = json(ask("GET", "event-types", ""));
        JsonNode all = answer.get("event-types").get(0);
        assertThat(all.get("name").stringValue()).isEqualTo("All Events");
        assertThat(all.get("built-in").booleanValue()).isTrue();
        assertThat(all.get("actions").toString()).isEqualTo("[\"file\"]");
        assertThat(answer.get("event-types").findValuesAsString("name"))
                .contains("mine", "Service Failed");
        assertThat(answer.get("events").findValuesAsString("tag")).contains("nodefail");
        assertThat(json(ask("GET", "actions", "")).get("actions").isArray()).isTrue();
        assertThat(ask("POST", "actions/nobody/test", "").status()).isEqualTo(404);
        assertThat(control.audit().last(10))
                .anyMatch(e -> e.action().equals("test-action") && !e.accepted());
        assertThat(json(ask("GET", "rule-functions", "")).get("functions").isArray()).isTrue();
    }

    /** For every operation of the description: nobody without the permission gets in. */
    @Test
    void editsInOneChangeNeedThePermissionOfEachSection() throws Exception {
        users.setRole(
                "pools-only",
                new Permissions(Map.of("pools", EnumSet.allOf(Permission.class))),
                ROOT);
        users.add("pat", "correct horse battery", List.of("pools-only"), ROOT);
        String pat = token("pat");
        String allowed =
                "{\"edits\":[{\"put\":[\"pools\",\"x\"],\"value\":{\"nodes\":[\"x:1\"]}}]}";
        String mixed =
                "{\"edits\":[{\"put\":[\"pools\",\"y\"],\"value\":{\"nodes\":[\"y:1\"]}},"
                        + "{\"remove\":[\"virtual-servers\",\"shop\"]}]}";
        String whole = "{\"edits\":[{\"put\":[],\"value\":{}}]}";
        String file = "{\"edits\":[{\"put-file\":\"rules/x.js\",\"content\":\"1\"}]}";
        assertThat(asking("POST", "changes", "", allowed, pat).status()).isEqualTo(200);
        for (String forbidden : List.of(mixed, whole, file)) {
            assertThat(asking("POST", "changes", "", forbidden, pat).status()).isEqualTo(403);
        }
    }

    @Test
    void theDescriptionNamesEveryOperationAndItsReferencesHold() throws Exception {
        JsonNode description = json(door.ask("GET", "/api/openapi.json", bearer(root), ""));
        assertThat(description.get("openapi").stringValue()).isEqualTo("3.1.0");
        for (Operation each : operations) {
            if (each.id().equals("describe")) {
                continue;
            }
            JsonNode found =
                    description
                            .get("paths")
                            .get(each.path())
                            .get(each.method().toLowerCase(java.util.Locale.ROOT));
            assertThat(found.get("operationId").stringValue()).isEqualTo(each.id());
            assertThat(found.get("summary").stringValue()).isNotEmpty();
        }
        String text = description.toString();
        var references =
                java.util.regex.Pattern.compile("#/components/schemas/([a-z0-9-]+)").matcher(text);
        assertThat(text).doesNotContain("#/$defs/");
        while (references.find()) {
            assertThat(description.get("components").get("schemas").has(references.group(1)))
                    .as(references.group(1))
                    .isTrue();
        }
    }

    private static String basic(String user, String password) {
        String pair = user + ":" + password;
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
                + "\r\n";
    }

    private String token(String user) throws Exception {
        return users.addToken(user, "", List.of(), null, ROOT);
    }

    private Answer put(String object, String body) throws Exception {
        return ask("PUT", "config/" + object, body);
    }

    private Answer ask(String method, String target, String body) throws Exception {
        return asking(method, target, "", body, root);
    }

    private Answer asking(String method, String target, String field, String body, String token)
            throws Exception {
        return door.ask(
                method,
                "/api/v1/" + target,
                bearer(token) + (field.isEmpty() ? "" : field + "\r\n"),
                body);
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private static JsonNode json(Answer answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
