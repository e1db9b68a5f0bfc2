package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.AuditEntry;
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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ten people who edit the same object, each as often as it is not as they have seen it. */
class EditingTogetherTest {

    private static final int PEOPLE = 10;
    private static final int EDITS = 5;
    private static final Pattern TAG = Pattern.compile("(?i)\netag: (\"\\d+\")");

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private RestRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new RestRig(state);
        assertThat(rig.ask("PUT", "config/pools/web", "{\"nodes\":[\"first:80\"]}").status())
                .isEqualTo(201);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void noUpdateIsLostAndEveryOneIsOnTheRecordWithItsAuthor() throws Exception {
        Map<String, String> people = new TreeMap<>();
        for (int i = 0; i < PEOPLE; i++) {
            rig.users.add("person" + i, RestRig.PASSWORD, List.of("editor"), RestRig.ROOT);
            people.put(
                    "person" + i,
                    rig.users.addToken("person" + i, "", List.of(), null, RestRig.ROOT));
        }
        List<Future<Integer>> refusals = new ArrayList<>();
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            people.forEach((name, token) -> refusals.add(all.submit(() -> addNodes(name, token))));
        }
        int refused = 0;
        for (Future<Integer> each : refusals) {
            refused += each.get(1, TimeUnit.SECONDS);
        }

        Set<String> expected = new TreeSet<>(Set.of("first:80"));
        for (String name : people.keySet()) {
            for (int n = 0; n < EDITS; n++) {
                expected.add(name + ":" + (n + 1));
            }
        }
        Set<String> found = new TreeSet<>();
        rig.get("config/pools/web").get("nodes").forEach(each -> found.add(each.stringValue()));
        assertThat(found).isEqualTo(expected);

        Map<String, Integer> accepted = new TreeMap<>();
        int notAccepted = 0;
        for (AuditEntry entry : rig.control.audit().last(10_000)) {
            if (entry.action().equals("change") && people.containsKey(entry.author().name())) {
                assertThat(entry.objects()).containsExactly("pools/web");
                if (entry.accepted()) {
                    accepted.merge(entry.author().name(), 1, Integer::sum);
                } else {
                    notAccepted++;
                }
            }
        }
        assertThat(accepted.keySet()).isEqualTo(people.keySet());
        assertThat(accepted.values()).containsOnly(EDITS);
        assertThat(notAccepted).isEqualTo(refused);
    }

    /** Adds nodes one by one to what is there; how often somebody else was faster. */
    private int addNodes(String name, String token) throws Exception {
        String field = "Authorization: Bearer " + token + "\r\n";
        int refused = 0;
        for (int n = 0; n < EDITS; ) {
            Answer seen = rig.door.ask("GET", "/api/v1/config/pools/web", field, "");
            Matcher tag = TAG.matcher(seen.head());
            assertThat(tag.find()).as(seen.head()).isTrue();
            ObjectNode pool = (ObjectNode) JsonMapper.shared().readTree(seen.body());
            JsonNode nodes = pool.get("nodes");
            ((ArrayNode) nodes).add(name + ":" + (n + 1));
            Answer put =
                    rig.door.ask(
                            "PUT",
                            "/api/v1/config/pools/web",
                            field + "If-Match: " + tag.group(1) + "\r\n",
                            pool.toString());
            if (put.status() == 200) {
                n++;
            } else {
                assertThat(put.status()).as(put.body()).isEqualTo(412);
                refused++;
            }
        }
        return refused;
    }
}
