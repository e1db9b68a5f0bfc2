package io.weir.control.store;

import io.weir.config.PoolRename;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One revision of a managed configuration on disk, whole or not at all, with the save before it
 * beside it. It survives a power cut at any byte; see {@link CheckedFile}. Confined to one thread
 * at a time.
 */
public final class RevisionFile {

    private final CheckedFile file;

    /**
     * @param directory must exist when saving
     */
    public RevisionFile(Path directory, String name) {
        this.file = new CheckedFile(directory, name, "weir-revision");
    }

    /**
     * A revision as it is kept.
     *
     * @param number counted over the life of the store
     * @param author name of who made it
     * @param channel the way it came, as documents spell it
     * @param from whence it came; may be empty
     * @param comment why; may be empty
     * @param parent id in the history of the revision before; empty when there is none
     * @param confirmBy when it is to be undone unless confirmed; null for never
     * @param back number of the revision that comes back then
     * @param renames the pools that got other names by it
     */
    public record Kept(
            long number,
            String author,
            String channel,
            String from,
            Instant time,
            String comment,
            String parent,
            @Nullable Instant confirmBy,
            long back,
            List<PoolRename> renames,
            Tree tree) {

        public Kept {
            renames = List.copyOf(renames);
        }

        /** The same, confirmed. */
        public Kept confirmed() {
            return new Kept(
                    number, author, channel, from, time, comment, parent, null, 0, renames, tree);
        }
    }

    /**
     * What was found.
     *
     * @param revision null when there is none that can be used
     * @param fault why the latest save could not be used; null when all is well
     */
    public record Found(@Nullable Kept revision, @Nullable String fault) {}

    /** The latest revision that is whole. */
    public Found load() {
        return switch (file.load()) {
            case CheckedFile.Content.Absent() -> new Found(null, null);
            case CheckedFile.Content.Current(byte[] body) -> decode(body, null);
            case CheckedFile.Content.Previous(byte[] body, String why) ->
                    decode(body, why + "; the save before it is used");
            case CheckedFile.Content.Lost(String why) ->
                    new Found(null, why + "; no earlier save can be used");
        };
    }

    /**
     * Replaces what is kept.
     *
     * @throws IOException when the disk refuses; what was kept stays
     */
    public void save(Kept revision) throws IOException {
        Map<String, Object> files = new LinkedHashMap<>();
        revision.tree().files().forEach((path, content) -> files.put(path, encoded(content)));
        List<Object> renames = new ArrayList<>();
        revision.renames().forEach(r -> renames.add(Json.object("from", r.from(), "to", r.to())));
        String text =
                Json.write(
                        Json.object(
                                "number", revision.number(),
                                "author", revision.author(),
                                "channel", revision.channel(),
                                "from", revision.from(),
                                "time", revision.time(),
                                "comment", revision.comment(),
                                "parent", revision.parent(),
                                "confirm-by", revision.confirmBy(),
                                "back", revision.back(),
                                "renames", renames,
                                "files", files));
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        if (body.length > CheckedFile.MAX_BYTES - 1024) {
            throw new IOException(
                    "the configuration has "
                            + body.length
                            + " bytes, expected fewer than "
                            + CheckedFile.MAX_BYTES);
        }
        file.save(body);
    }

    /** Text as it is, anything else in Base64. */
    private static Object encoded(byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            return Json.object("base64", Base64.getEncoder().encodeToString(content));
        }
    }

    private static Found decode(byte[] body, @Nullable String fault) {
        try {
            Map<String, @Nullable Object> document =
                    Json.readObject(new String(body, StandardCharsets.UTF_8));
            Map<String, byte[]> files = new TreeMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) required(document, "files")).entrySet()) {
                files.put((String) entry.getKey(), decoded(entry.getValue()));
            }
            return new Found(
                    new Kept(
                            (Long) required(document, "number"),
                            (String) required(document, "author"),
                            (String) required(document, "channel"),
                            (String) required(document, "from"),
                            Instant.parse((String) required(document, "time")),
                            (String) required(document, "comment"),
                            (String) required(document, "parent"),
                            document.get("confirm-by") instanceof String confirmBy
                                    ? Instant.parse(confirmBy)
                                    : null,
                            (Long) required(document, "back"),
                            renames(document.get("renames")),
                            new Tree(files)),
                    fault);
        } catch (IllegalArgumentException | ClassCastException | DateTimeException e) {
            return new Found(null, "the revision was written by another version of Weir: " + e);
        }
    }

    /** Those of a revision that an earlier version of Weir wrote are not known. */
    private static List<PoolRename> renames(@Nullable Object value) {
        List<PoolRename> renames = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object each : list) {
                Map<?, ?> rename = (Map<?, ?>) each;
                renames.add(
                        new PoolRename(
                                (String) required(rename, "from"),
                                (String) required(rename, "to")));
            }
        }
        return renames;
    }

    private static byte[] decoded(@Nullable Object content) {
        if (content instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (content instanceof Map<?, ?> map && map.get("base64") instanceof String text) {
            return Base64.getDecoder().decode(text);
        }
        throw new IllegalArgumentException("a file is neither text nor Base64");
    }

    private static Object required(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }
}
