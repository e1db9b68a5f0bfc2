package io.weir.control.store;

import io.weir.config.load.KeptConfig;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The last configuration that was put in force, on disk: the file {@code last-good} of the state
 * directory. It survives a power cut at any byte; see {@link CheckedFile}, which also lets nobody
 * else read it, for there are secrets in it. Confined to one thread at a time.
 */
public final class LastGood {

    private final CheckedFile file;

    /**
     * @param stateDirectory must exist when saving
     */
    public LastGood(Path stateDirectory) {
        this.file = new CheckedFile(stateDirectory, "last-good", "weir-last-good");
    }

    /**
     * A configuration as kept.
     *
     * @param source whose configuration it is, so that one file's is never used for another
     */
    public record Kept(String source, KeptConfig config) {}

    /** What is kept for {@code source}; null when there is nothing whole. */
    public @Nullable Kept load(String source) {
        byte[] body =
                switch (file.load()) {
                    case CheckedFile.Content.Current(byte[] latest) -> latest;
                    case CheckedFile.Content.Previous(byte[] before, _) -> before;
                    case CheckedFile.Content.Absent _, CheckedFile.Content.Lost _ -> null;
                };
        if (body == null) {
            return null;
        }
        try {
            Map<String, @Nullable Object> document =
                    Json.readObject(new String(body, StandardCharsets.UTF_8));
            return document.get("source") instanceof String keptSource
                            && document.get("text") instanceof String text
                            && keptSource.equals(source)
                    ? new Kept(keptSource, new KeptConfig(text, texts(document.get("files"))))
                    : null;
        } catch (IllegalArgumentException e) {
            return null; // written by another version of Weir
        }
    }

    private static Map<String, String> texts(@Nullable Object files) {
        Map<String, String> texts = new HashMap<>();
        if (files instanceof Map<?, ?> map) {
            map.forEach((path, text) -> texts.put(String.valueOf(path), String.valueOf(text)));
        }
        return texts;
    }

    /**
     * Replaces what is kept.
     *
     * @throws IOException when the disk refuses; what was kept stays
     */
    public void save(Kept kept) throws IOException {
        KeptConfig config = kept.config();
        String text =
                Json.write(
                        Json.object(
                                "source", kept.source(),
                                "text", config.text(),
                                "files", config.files()));
        file.save(text.getBytes(StandardCharsets.UTF_8));
    }
}
