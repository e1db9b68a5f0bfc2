package io.weir.xml.saxon;

import java.io.IOException;
import java.io.Writer;

/** Takes a text up to a length, and refuses more. */
final class BoundedWriter extends Writer {

    /** The text is longer than that. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1;

        TooLongException() {
            super("too long");
        }
    }

    private final StringBuilder text = new StringBuilder();
    private final int max;

    BoundedWriter(int max) {
        this.max = max;
    }

    @Override
    public void write(char[] source, int offset, int length) throws TooLongException {
        if (text.length() + length > max) {
            throw new TooLongException();
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
