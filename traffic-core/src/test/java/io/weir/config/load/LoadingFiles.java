package io.weir.config.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Loads bytes that have to lie in a file. */
final class LoadingFiles {

    private LoadingFiles() {}

    /** The outcome of loading a main file with {@code bytes} in it, which is gone afterwards. */
    static Loaded load(byte[] bytes) {
        try {
            Path directory = Files.createTempDirectory("weir-config");
            Path main = directory.resolve("weir.yaml");
            try {
                Files.write(main, bytes);
                return ConfigLoader.load(main, Environment.of(Map.of(), main));
            } finally {
                Files.deleteIfExists(main);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
