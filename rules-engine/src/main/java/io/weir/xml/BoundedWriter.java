package io.weir.xml;

import java.io.Writer;

/** Takes a text up to a length, and refuses more. */
final class BoundedWriter extends Writer {

    private final StringBuilder text = new StringBuilder();
    private final int max;

    BoundedWriter(int max) {
        this.max = max;
    }

    @Override
    public void write(char[] source, int offset, int length) {
        if (text.length() + length > max) {
            throw new IllegalStateException("the result is longer than body-limit");
        }
        text.append(source, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return text.toString();
    }
}
