package io.weir.control;

import io.weir.event.EventTag;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * How a running Weir ends: for good, or to be started anew by its process. Safe for every thread
 * but an event loop.
 */
public final class Ending {

    private final Core core;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean again;

    /** Outlasts a restart that is asked for at the same time, whoever gets the lock first. */
    private volatile boolean stopAsked;

    Ending(Core core) {
        this.core = core;
    }

    /**
     * Begins a graceful stop, after which the process starts Weir anew with what the configuration
     * says then. Whoever asks for a plain stop meanwhile gets that.
     *
     * @throws RefusedException when the configuration that it would start with is in error, or Weir
     *     stops already; what runs goes on
     */
    public void restart(Author author) throws RefusedException {
        try {
            ControlProblem refusal = core.found().refusal();
            if (refusal != null) {
                throw new RefusedException(refusal);
            }
            core.lock.lock();
            try {
                core.mustRun();
                again = true;
            } finally {
                core.lock.unlock();
            }
        } catch (RefusedException e) {
            core.audit.refused(author, "restart", List.of(), e.problem().message());
            throw e;
        }
        begin("restart", author);
    }

    /** Begins a graceful stop without waiting for it. */
    public void begin(Author author) {
        stopAsked = true;
        begin("stop", author);
    }

    private void begin(String deed, Author author) {
        Thread.ofVirtual().name(deed).start(() -> stop(deed, null, author));
    }

    /** As {@link Control#stop}. */
    boolean stop(@Nullable Duration deadline, Author author) {
        stopAsked = true;
        return stop("stop", deadline, author);
    }

    /** Ends at once what has not ended yet, whether or not it is to start again. */
    public void finish() {
        var _ = stop("stop", Duration.ZERO, Author.WEIR);
    }

    private boolean stop(String deed, @Nullable Duration deadline, Author author) {
        core.lock.lock();
        try {
            if (core.state.stopping()) {
                return true;
            }
            core.saveLastGood();
            core.state = core.state.stop();
        } finally {
            core.lock.unlock();
        }
        core.audit.accepted(author, deed, List.of(), "");
        core.events.emit(
                EventTag.STOPPING,
                (deed.equals("stop") ? "Weir stops" : "Weir stops to start again")
                        + ", asked by "
                        + author);
        try {
            return core.plane.stop(
                    deadline == null ? core.state.config().global().stopTimeout() : deadline);
        } finally {
            ended.countDown();
        }
    }

    /** Waits until the traffic has ended. */
    void await() throws InterruptedException {
        ended.await();
    }

    /** Whether the process is to start Weir anew; of use once it has stopped. */
    public boolean startsAgain() {
        return again && !stopAsked;
    }
}
