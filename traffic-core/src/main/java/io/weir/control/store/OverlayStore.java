package io.weir.control.store;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.OverlayEntry.AtDeadline;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The operational overlay on disk: the file {@code overlay} of the state directory. It survives a
 * power cut at any byte; see {@link CheckedFile}. Confined to one thread at a time.
 */
public final class OverlayStore {

    private final CheckedFile file;

    /**
     * @param stateDirectory must exist when saving
     */
    public OverlayStore(Path stateDirectory) {
        this.file = new CheckedFile(stateDirectory, "overlay", "weir-overlay");
    }

    /**
     * What was found.
     *
     * @param revision of the overlay, counted over all restarts; 0 for a fresh one
     * @param fault why the latest save could not be used; null when all is well
     */
    public record Loaded(Overlay overlay, long revision, @Nullable String fault) {}

    /** The latest overlay that is whole; an empty one, with the fault, when none is. */
    public Loaded load() {
        return switch (file.load()) {
            case CheckedFile.Content.Absent() -> new Loaded(Overlay.EMPTY, 0, null);
            case CheckedFile.Content.Current(byte[] body) -> decode(body, null);
            case CheckedFile.Content.Previous(byte[] body, String why) ->
                    decode(body, why + "; the save before it is used");
            case CheckedFile.Content.Lost(String why) ->
                    new Loaded(Overlay.EMPTY, 0, why + "; no earlier save can be used");
        };
    }

    /**
     * Replaces what is kept.
     *
     * @throws IOException when the disk refuses; what was kept stays
     */
    public void save(Overlay overlay, long revision) throws IOException {
        List<Object> entries = new ArrayList<>();
        for (OverlayEntry e : overlay.entries()) {
            NodeConfig.State state = e.state();
            entries.add(
                    Json.object(
                            "pool", e.pool(),
                            "host", e.node().host(),
                            "port", e.node().port(),
                            "state", state == null ? null : state.name().toLowerCase(Locale.ROOT),
                            "weight", e.weight(),
                            "owner", e.owner(),
                            "reason", e.reason(),
                            "since", e.since(),
                            "expires", e.expires(),
                            "deadline", e.deadline(),
                            "at-deadline", e.atDeadline().name().toLowerCase(Locale.ROOT)));
        }
        List<Object> leases = new ArrayList<>();
        for (NodeLease lease : overlay.leases()) {
            leases.add(
                    Json.object(
                            "host", lease.node().host(),
                            "port", lease.node().port(),
                            "owner", lease.owner(),
                            "reason", lease.reason(),
                            "since", lease.since(),
                            "expires", lease.expires()));
        }
        String text =
                Json.write(Json.object("revision", revision, "entries", entries, "leases", leases));
        file.save(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Loaded decode(byte[] body, @Nullable String fault) {
        try {
            Map<String, @Nullable Object> document =
                    Json.readObject(new String(body, StandardCharsets.UTF_8));
            List<OverlayEntry> entries = new ArrayList<>();
            for (Object entry : (List<?>) required(document, "entries")) {
                entries.add(entry((Map<?, ?>) entry));
            }
            List<NodeLease> leases = new ArrayList<>();
            if (document.get("leases") instanceof List<?> list) {
                for (Object lease : list) {
                    leases.add(lease((Map<?, ?>) lease));
                }
            }
            return new Loaded(
                    new Overlay(entries, leases),
                    (long) (Long) required(document, "revision"),
                    fault);
        } catch (IllegalArgumentException | ClassCastException | DateTimeParseException e) {
            // Whole, so written by a Weir; then by a later one whose entries mean something else.
            return new Loaded(Overlay.EMPTY, 0, "the overlay was written by another version: " + e);
        }
    }

    private static OverlayEntry entry(Map<?, ?> entry) {
        String state = (String) entry.get("state");
        Long weight = (Long) entry.get("weight");
        String expires = (String) entry.get("expires");
        String deadline = (String) entry.get("deadline");
        String atDeadline = (String) entry.get("at-deadline");
        return new OverlayEntry(
                (String) entry.get("pool"),
                node(entry),
                state == null ? null : NodeConfig.State.valueOf(state.toUpperCase(Locale.ROOT)),
                weight == null ? null : Math.toIntExact(weight),
                (String) required(entry, "owner"),
                (String) required(entry, "reason"),
                Instant.parse((String) required(entry, "since")),
                expires == null ? null : Instant.parse(expires),
                deadline == null ? null : Instant.parse(deadline),
                atDeadline == null
                        ? AtDeadline.NOTHING
                        : AtDeadline.valueOf(atDeadline.toUpperCase(Locale.ROOT)));
    }

    private static NodeLease lease(Map<?, ?> lease) {
        return new NodeLease(
                node(lease),
                (String) required(lease, "owner"),
                (String) required(lease, "reason"),
                Instant.parse((String) required(lease, "since")),
                Instant.parse((String) required(lease, "expires")));
    }

    private static NodeAddress node(Map<?, ?> of) {
        return new NodeAddress(
                (String) required(of, "host"), Math.toIntExact((Long) required(of, "port")));
    }

    private static Object required(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }
}
