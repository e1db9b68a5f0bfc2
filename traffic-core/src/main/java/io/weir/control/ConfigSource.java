package io.weir.control;

import io.weir.config.WeirConfig;
import io.weir.config.load.Problem;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Where the desired configuration comes from. Called by one thread at a time. */
public interface ConfigSource {

    /** What people call it: the path of the main file, or {@code the command line}. */
    String name();

    /** Reads and checks what is there now. Never throws for what it finds. */
    Candidate read();

    /** Reads and checks a canonical text that an earlier candidate was made of. */
    Candidate restore(String canonical);

    /**
     * A configuration that may be put in force.
     *
     * @param config null when there are errors
     * @param problems errors and warnings
     * @param watched the files and directories that it was made of, whether they exist or not
     * @param hash over everything read; equal for equal content
     * @param canonical gives the complete text for {@link #restore}, when it is wanted; null when
     *     nothing can be kept
     */
    record Candidate(
            @Nullable WeirConfig config,
            List<Problem> problems,
            List<Path> watched,
            String hash,
            @Nullable Supplier<String> canonical) {
        public Candidate {
            problems = List.copyOf(problems);
            watched = List.copyOf(watched);
        }
    }
}
