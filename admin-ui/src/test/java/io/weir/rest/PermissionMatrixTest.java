package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.AuditEntry;
import io.weir.testkit.MemoryTempDir;
import io.weir.testkit.RoleTable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every operation of the description, asked for by a user of every role: what is let through is
 * what the table below says, and nothing else. An operation that is new is in the matrix by itself,
 * and one that asks for no permission has to be named here.
 */
class PermissionMatrixTest {

    /** What everybody may who has signed in; these look at what the caller may by themselves. */
    private static final Set<String> FOR_EVERYBODY =
            Set.of(
                    "addToken",
                    "change",
                    "getConfig",
                    "getSchema",
                    "listApis",
                    "listRuleFunctions",
                    "listTokens",
                    "removeToken",
                    "whoAmI");

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private RestRig rig;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    /** What stands in the manual, in other words than the program's. */
    private static boolean may(String role, Case of) {
        // Everybody makes tokens by name and password, but no token makes another one.
        return of.id().equals("addToken")
                ? role.equals("admin")
                : of.kind().isEmpty() || RoleTable.may(role, of.kind(), of.action());
    }

    @BeforeEach
    void open() throws Exception {
        rig = new RestRig(state);
        rig.users.setRole(RoleTable.DRAINER, RoleTable.drainer(), RestRig.ROOT);
        for (String role : RoleTable.NAMES) {
            rig.users.add("a-" + role, RestRig.PASSWORD, List.of(role), RestRig.ROOT);
            tokens.put(role, rig.users.addToken("a-" + role, "", List.of(), null, RestRig.ROOT));
        }
        assertThat(rig.ask("PUT", "config/pools/web", "{\"nodes\":[\"a:80\"]}").status())
                .isEqualTo(201);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private record Case(String id, String method, String path, String kind, String action) {

        /** Whether the process ends by it, so that it comes last. */
        boolean ends() {
            return id.equals("stop") || id.equals("restart");
        }
    }

    private List<Case> cases() throws Exception {
        JsonNode paths =
                JsonMapper.shared()
                        .readTree(rig.door.ask("GET", "/api/openapi.json", rig.bearer(), "").body())
                        .get("paths");
        List<Case> cases = new ArrayList<>();
        Set<String> open = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (Map.Entry<String, JsonNode> each : path.getValue().properties()) {
                String id = each.getValue().get("operationId").stringValue();
                JsonNode permission = each.getValue().get("x-permission");
                String kind = permission == null ? "" : permission.get("kind").stringValue();
                if (permission == null) {
                    open.add(id);
                }
                for (String section : List.of("pools", "virtual-servers")) {
                    if (section.equals("pools") || kind.equals("{section}")) {
                        cases.add(
                                new Case(
                                        id,
                                        each.getKey().toUpperCase(Locale.ROOT),
                                        "/api"
                                                + path.getKey()
                                                        .replace("{section}", section)
                                                        .replace("{node}", "a:80")
                                                        .replaceAll("\\{(revision|other)}", "1")
                                                        .replaceAll("\\{[a-z]+}", "web"),
                                        kind.equals("{section}") ? section : kind,
                                        permission == null
                                                ? ""
                                                : permission.get("action").stringValue()));
                    }
                }
            }
        }
        assertThat(open).isEqualTo(FOR_EVERYBODY);
        assertThat(cases).hasSizeGreaterThan(75);
        cases.sort(Comparator.comparing(Case::ends));
        return cases;
    }

    @Test
    void everyRoleIsAllowedJustWhatTheTableSays() throws Exception {
        List<String> wrong = new ArrayList<>();
        Set<String> denied = new TreeSet<>();
        for (Case each : cases()) {
            for (String role : RoleTable.NAMES) {
                boolean expected = may(role, each);
                int status = status(each, "Authorization: Bearer " + tokens.get(role) + "\r\n");
                if (status == 403) {
                    denied.add(each.id() + " a-" + role);
                }
                if (expected ? status == 401 || status == 403 : status != 403) {
                    wrong.add(role + " " + each + ": " + status);
                }
            }
            if (status(each, "") != 401) {
                wrong.add("nobody: " + each);
            }
        }
        assertThat(wrong).isEmpty();
        Set<String> recorded = new TreeSet<>();
        for (AuditEntry entry : rig.control.audit().last(10_000)) {
            if (!entry.accepted()) {
                recorded.add(entry.action() + " " + entry.author().name());
            }
        }
        assertThat(recorded).containsAll(denied);
    }

    /** The status alone, so that answers without an end do no harm. */
    private int status(Case of, String field) throws IOException {
        String body = of.method().equals("GET") ? "" : "{}";
        try (Socket socket =
                new Socket(rig.door.address().getAddress(), rig.door.address().getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            (of.method()
                                            + " "
                                            + of.path()
                                            + " HTTP/1.1\r\n"
                                            + "Host: localhost\r\n"
                                            + "Connection: close\r\n"
                                            + "Content-Length: "
                                            + body.length()
                                            + "\r\n"
                                            + field
                                            + "\r\n"
                                            + body)
                                    .getBytes(StandardCharsets.US_ASCII));
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            return line == null ? 0 : Integer.parseInt(line.substring(9, 12));
        }
    }
}
