package io.weir.alert;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Work that must not take longer than it may. */
final class TimeLimit {

    /** What an interrupted thread gets to tidy up. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private TimeLimit() {}

    /** Something to do. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /**
     * Does {@code work} on a virtual thread of its own. When the time is over the thread is
     * interrupted, which ends what waits for sockets and processes.
     *
     * @throws InterruptedIOException when the time was not enough
     * @throws Exception what the work throws
     */
    static void run(String name, Duration limit, Work work) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread =
                Thread.ofVirtual()
                        .name(name)
                        .start(
                                () -> {
                                    try {
                                        work.run();
                                    } catch (Throwable e) {
                                        thrown.set(e);
                                    }
                                });
        if (!thread.join(limit)) {
            thread.interrupt();
            thread.join(GRACE);
            throw new InterruptedIOException("not done within " + limit.toMillis() + " ms");
        }
        switch (thrown.get()) {
            case null -> {}
            case Exception e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
