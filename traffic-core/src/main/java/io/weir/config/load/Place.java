package io.weir.config.load;

import java.nio.file.Path;

/**
 * Where something stands in a file.
 *
 * @param file as it was opened
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1, in characters; 0 when the file as a whole is meant
 */
record Place(Path file, int line, int column) {

    /** The file as a whole. */
    static Place whole(Path file) {
        return new Place(file, 0, 0);
    }

    /** {@code weir.yaml:3}, for messages that name a second place. */
    String brief() {
        return line == 0 ? file.toString() : file + ":" + line;
    }
}
