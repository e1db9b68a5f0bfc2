package io.weir.config.load;

import io.weir.config.load.Node.Mapping;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The published JSON Schema: the one place where keys, types, ranges and defaults are written down.
 * Editors, the reference manual and the loader all read it.
 */
final class Schema {

    private static final String RESOURCE = "/io/weir/config/weir.schema.json";

    private Schema() {}

    /** Shape of a configuration document. */
    static Shape root() {
        return Holder.ROOT;
    }

    /** The schema itself, as it is published. */
    static String text() {
        try (InputStream in = Schema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + RESOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Read on first use. */
    private static final class Holder {
        static final Shape ROOT =
                Shape.root((Mapping) SchemaReader.read(Path.of("weir.schema.json"), text()));
    }
}
