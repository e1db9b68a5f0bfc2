package io.weir.config.load;

import io.weir.config.WeirConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * The outcome of a load.
 *
 * @param config null when there is at least one error
 * @param problems all errors and warnings, in the order of the files and by position
 * @param files every file that was read, whole or in vain: configuration files first, then secrets,
 *     rules, certificates and the like
 * @param directories absolute; directories in which a new or removed file changes the outcome
 * @param document what was written, as far as it could be understood
 */
public record Loaded(
        @Nullable WeirConfig config,
        List<Problem> problems,
        List<SourceFile> files,
        List<Path> directories,
        ConfigDocument document) {

    public Loaded {
        problems = List.copyOf(problems);
        files = List.copyOf(files);
        directories = List.copyOf(directories);
    }

    /**
     * A file and what was in it.
     *
     * @param path as it was opened
     * @param hash SHA-256 of its bytes in hexadecimal; empty when it could not be read
     */
    public record SourceFile(Path path, String hash) {}

    /** The problems that kept the configuration from being used. */
    public List<Problem> errors() {
        return problems.stream().filter(Problem::isError).toList();
    }
}
