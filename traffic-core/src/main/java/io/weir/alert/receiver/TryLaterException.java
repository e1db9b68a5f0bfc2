package io.weir.alert.receiver;

import java.io.IOException;
import java.time.Duration;

/** The receiver asks to be left alone for a while. */
public final class TryLaterException extends IOException {

    private final Duration after;

    /**
     * @param after how long
     */
    public TryLaterException(String message, Duration after) {
        super(message);
        this.after = after;
    }

    /** How long. */
    public Duration after() {
        return after;
    }
}
