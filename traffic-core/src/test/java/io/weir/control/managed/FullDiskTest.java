package io.weir.control.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.config.WeirConfig;
import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.Edit;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.RefusedException;
import io.weir.control.store.OverlayStore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

class FullDiskTest {

    @TempDir Path state;

    @Test
    void aChangeThatCannotBeKeptIsTakenBackWithItsFiles() throws RefusedException, IOException {
        ManualTicker ticker = new ManualTicker();
        List<RecordingPlane> planes = new ArrayList<>();
        Control control =
                Control.start(
                        new ManagedSource(state.resolve("store"), Map.of(), new Random(), ticker),
                        (config, overlay) -> {
                            planes.add(new RecordingPlane(config, overlay));
                            return planes.getFirst();
                        },
                        new OverlayStore(state),
                        null,
                        new RecordingEvents(),
                        ticker);
        WeirConfig before = control.config();
        // A directory in its place keeps the revision from being written.
        Files.createDirectories(state.resolve("store/current.new/full"));

        JsonNodeFactory json = JsonNodeFactory.instance;
        Edit pool =
                new Edit.Put(
                        List.of("pools", "web"),
                        json.objectNode().set("nodes", json.arrayNode().add("a:80")));
        Edit rule = new Edit.PutFile("rules/a.js", new byte[] {'1'});
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> control.change(Change.of(pool, rule), Author.WEIR));

        assertThat(refused.problem()).isInstanceOf(ControlProblem.Unavailable.class);
        assertThat(planes.getFirst().config()).isEqualTo(before);
        assertThat(control.config()).isEqualTo(before);
        assertThat(state.resolve("store/tree/rules/a.js")).doesNotExist();

        Files.delete(state.resolve("store/current.new/full"));
        Files.delete(state.resolve("store/current.new"));
        assertThat(control.change(Change.of(pool, rule), Author.WEIR).revision()).isEqualTo(1);
    }
}
