package io.weir.alert.receiver;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * One who gets alerts. Used by one thread at a time, which may wait and may be interrupted when it
 * waits too long. After a failure a receiver is closed and made anew.
 */
public interface Receiver extends AutoCloseable {

    /**
     * Delivers alerts; returns when the other side has them, as far as its protocol tells.
     *
     * @param alerts at least one, at most {@link #most}, oldest first
     * @throws UndeliverableException when another attempt would end the same way
     * @throws IOException when another attempt may succeed
     */
    void send(List<Alert> alerts) throws IOException, UndeliverableException, InterruptedException;

    /** How many alerts one call takes. */
    default int most() {
        return 1;
    }

    /** Shortest time from the begin of one call to that of the next. */
    default Duration minInterval() {
        return Duration.ZERO;
    }

    /** Called about once a second while there is nothing to send. */
    default void idle() {}

    /** Lets go of everything; nothing is sent any more. */
    @Override
    default void close() {}
}
