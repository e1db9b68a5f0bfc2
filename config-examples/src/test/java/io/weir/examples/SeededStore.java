package io.weir.examples;

import io.weir.control.Audit;
import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.Edit;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.managed.ManagedSource;
import io.weir.control.store.OverlayStore;
import io.weir.time.Ticker;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/**
 * A managed store with something in it before Weir starts: above all free ports, which tests need.
 */
public final class SeededStore {

    private static final Author SEED = new Author("seed", Author.Channel.COMMAND_LINE, "");

    private SeededStore() {}

    /**
     * Makes the store of the Weir that is to be installed in {@code home}.
     *
     * @param scratch an empty directory, or one that is not there yet
     */
    public static void write(Path home, Path scratch, Edit... edits) throws Exception {
        Path state = Files.createDirectories(home.resolve("state"));
        Control control =
                Control.start(
                        new ManagedSource(
                                state.resolve("store"),
                                Map.of(),
                                new SecureRandom(),
                                Ticker.system()),
                        RecordingPlane::new,
                        new OverlayStore(state),
                        null,
                        Audit.in(scratch, Ticker.system()),
                        new RecordingEvents(),
                        Ticker.system());
        var _ = control.change(Change.of(edits), SEED);
    }

    /** An edit that puts a value, written as JSON, at a path. */
    public static Edit put(String json, String... path) {
        return new Edit.Put(List.of(path), JsonMapper.shared().readTree(json));
    }
}
