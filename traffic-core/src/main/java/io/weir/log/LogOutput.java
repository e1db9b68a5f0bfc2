package io.weir.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file open for appending. Confined to one thread; may block on the disk. */
interface LogOutput {

    /** Opens files. */
    @FunctionalInterface
    interface Opener {
        /** Opens {@code path} for appending, making it and its directories where missing. */
        LogOutput open(Path path) throws IOException;
    }

    /** Appends some of {@code bytes}, at least one. */
    void write(ByteBuffer bytes) throws IOException;

    /** Whether the path leads to this file no more, because it was renamed or removed. */
    boolean isGone();

    /** Takes the last {@code bytes} bytes off again. */
    void cut(int bytes) throws IOException;

    /** Bytes in the file. */
    long size() throws IOException;

    void close() throws IOException;
}
