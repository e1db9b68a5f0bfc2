package io.weir.examples;

import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One of the examples as it is shipped.
 *
 * @param directory holds {@code weir.yaml} and what belongs to it
 */
record Example(Path directory) {

    /** Where they all are; Surefire runs tests in the module's directory. */
    static final Path HOME = Path.of("examples");

    /** Every example, in the order of their names. */
    static List<Example> all() {
        try (Stream<Path> found = Files.list(HOME)) {
            return found.filter(Files::isDirectory).sorted().map(Example::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Example named(String name) {
        return new Example(HOME.resolve(name));
    }

    String name() {
        return directory.getFileName().toString();
    }

    Path file() {
        return directory.resolve("weir.yaml");
    }

    /** What the loader makes of it in the environment {@code variables}. */
    Loaded load(Map<String, String> variables) {
        return ConfigLoader.load(file(), Environment.of(variables, file()));
    }

    @Override
    public String toString() {
        return name();
    }
}
