package io.weir.alert;

import io.weir.event.Event;
import io.weir.time.Ticker;

import java.nio.file.Path;

/**
 * Something that is done about an event. Called on a thread of its own, one call at a time, so it
 * may wait for disks and networks; events that come meanwhile are queued up to a bound.
 */
public interface Action {

    /** The name in messages, such as {@code eventlog}. */
    String name();

    /**
     * Does it.
     *
     * @throws Exception if it could not be done; the failure goes to the system log
     */
    void run(Event event) throws Exception;

    /** Called about once a second while there is no event: the time to try again, or to batch. */
    default void idle() {}

    /** Ends the action; no other call follows. */
    default void close() {}

    /**
     * The event log: one line per event in {@code file}.
     *
     * @param file relative to {@code directory}
     * @throws IllegalArgumentException if the file would lie outside the directory
     */
    static Action eventLog(Path directory, String file, Ticker ticker) {
        return new EventLogAction(
                directory, file, EventLogAction.MAX_BYTES, EventLogAction.KEPT_FILES, ticker);
    }

    /** The mirror of events in the system log, at the level of their severity. */
    static Action systemLog() {
        return new SystemLogAction();
    }
}
