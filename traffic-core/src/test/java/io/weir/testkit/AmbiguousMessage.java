package io.weir.testkit;

import java.io.IOException;

/** Bytes that a strict reader does not take for a message, or could take for two different ones. */
public final class AmbiguousMessage extends IOException {

    private static final long serialVersionUID = 1;

    public AmbiguousMessage(String message) {
        super(message);
    }
}
