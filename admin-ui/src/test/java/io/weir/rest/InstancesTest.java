package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Several Weirs on one page. */
class InstancesTest {

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private RestRig here;
    private RestRig north;
    private RestRig south;

    @BeforeEach
    void open() throws Exception {
        here = new RestRig(Files.createDirectory(directory.resolve("here")));
        north = new RestRig(Files.createDirectory(directory.resolve("north")));
        south = new RestRig(Files.createDirectory(directory.resolve("south")));
    }

    @AfterEach
    void close() throws Exception {
        here.close();
        north.close();
        south.close();
    }

    private static String instance(String name, RestRig rig, String token) {
        return "{\"label\":\"%s\",\"address\":\"http://127.0.0.1:%d\",\"token\":\"%s\"}"
                .formatted(name, rig.door.address().getPort(), token);
    }

    @Test
    void eachIsShownAndWhoIsCutOffIsMarkedWithTheTimeSinceWhen() throws Exception {
        assertThat(
                        here.ask(
                                        "PATCH",
                                        "config/global",
                                        "{\"admin\":{\"instances\":[%s,%s]}}"
                                                .formatted(
                                                        instance("north", north, north.root),
                                                        instance("south", south, "a wrong one")))
                                .status())
                .isEqualTo(200);
        assertThat(here.ask("GET", "config", "").body()).doesNotContain(north.root);
        assertThat(north.ask("PUT", "config/pools/p", "{\"nodes\":[\"n:1\"]}").status())
                .isEqualTo(201);

        List<JsonNode> rows = List.copyOf(here.get("instances").get("instances").values());
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).get("url").isNull()).isTrue();
        JsonNode found = rows.get(1);
        assertThat(found.get("name").stringValue()).isEqualTo("north");
        assertThat(found.get("trouble").isNull()).isTrue();
        assertThat(found.get("summary")).isEqualTo(north.get("summary"));
        assertThat(found.at("/summary/ready").booleanValue()).isTrue();
        assertThat(rows.get(2).get("summary").isNull()).isTrue();
        assertThat(rows.get(2).get("trouble").stringValue()).contains("401");

        north.door.close();
        assertThat(here.get("instances").at("/instances/1/trouble").isNull())
                .as("asked again within two seconds")
                .isTrue();
        here.ticker.advance(Duration.ofSeconds(2));
        String since = here.ticker.now().toString();
        JsonNode lost = here.get("instances").at("/instances/1");
        assertThat(lost.get("trouble").stringValue()).contains("cannot be reached");
        here.ticker.advance(Duration.ofSeconds(2));
        assertThat(here.get("instances").at("/instances/1/silent-since").stringValue())
                .isEqualTo(since);
    }
}
