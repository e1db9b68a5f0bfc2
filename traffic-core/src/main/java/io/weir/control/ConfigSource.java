package io.weir.control;

import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigDocument;
import io.weir.config.load.ConfigWriter;
import io.weir.config.load.KeptConfig;
import io.weir.config.load.Loaded;
import io.weir.config.load.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** Where the desired configuration comes from. Called by one thread at a time. */
public interface ConfigSource {

    /** What people call it: the path of the main file, or {@code the command line}. */
    String name();

    /** Reads and checks what is there now. Never throws for what it finds. */
    Candidate read();

    /** Checks what was kept of an earlier candidate. */
    Candidate restore(KeptConfig kept);

    /**
     * A configuration that may be put in force.
     *
     * @param config null when there are errors
     * @param problems errors and warnings
     * @param watched the files and directories that it was made of, whether they exist or not
     * @param hash over everything read; equal for equal content
     * @param kept gives what {@link #restore} needs, when it is wanted; null when nothing can be
     *     kept
     * @param document what was written; null when that is not known
     */
    record Candidate(
            @Nullable WeirConfig config,
            List<Problem> problems,
            List<Path> watched,
            String hash,
            @Nullable Supplier<KeptConfig> kept,
            @Nullable ConfigDocument document) {
        public Candidate {
            problems = List.copyOf(problems);
            watched = List.copyOf(watched);
        }

        /** A candidate of which nobody knows what was written. */
        public Candidate(
                @Nullable WeirConfig config,
                List<Problem> problems,
                List<Path> watched,
                String hash,
                @Nullable Supplier<KeptConfig> kept) {
            this(config, problems, watched, hash, kept, null);
        }

        /** What was loaded, with all that it was made of. */
        public static Candidate of(Loaded loaded) {
            List<Path> watched = new ArrayList<>();
            StringBuilder content = new StringBuilder();
            for (Loaded.SourceFile file : loaded.files()) {
                watched.add(file.path());
                content.append(file.path()).append('\n').append(file.hash()).append('\n');
            }
            watched.addAll(loaded.directories());
            WeirConfig config = loaded.config();
            Supplier<KeptConfig> kept = config == null ? null : () -> ConfigWriter.kept(config);
            return new Candidate(
                    config, loaded.problems(), watched, sha256(content), kept, loaded.document());
        }

        private static String sha256(CharSequence content) {
            try {
                byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
