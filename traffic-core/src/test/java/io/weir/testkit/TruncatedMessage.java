package io.weir.testkit;

import java.io.IOException;

/** The connection ended in the middle of a message. */
public final class TruncatedMessage extends IOException {

    private static final long serialVersionUID = 1;

    public TruncatedMessage(String message) {
        super(message);
    }
}
