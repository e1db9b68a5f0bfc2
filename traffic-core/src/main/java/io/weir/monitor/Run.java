package io.weir.monitor;

import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One run of a check. Safe for every thread. */
final class Run implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Monitors.class);

    /** Who wants the result; called on the thread of the check. */
    @FunctionalInterface
    interface Receiver {
        void done(Run run, CheckResult result, Duration duration);
    }

    private final long number;
    private final String name;
    private final Check check;
    private final NodeAddress node;
    private final Duration timeout;
    private final Ticker ticker;
    private final Receiver receiver;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    // Both guarded by this.
    private @Nullable Thread thread;
    private boolean abandoned;

    Run(
            long number,
            String name,
            Check check,
            NodeAddress node,
            Duration timeout,
            Ticker ticker,
            Receiver receiver) {
        this.number = number;
        this.name = name;
        this.check = check;
        this.node = node;
        this.timeout = timeout;
        this.ticker = ticker;
        this.receiver = receiver;
    }

    /** Position among the runs of one target, in the order in which they began. */
    long number() {
        return number;
    }

    /** Completed when the check does nothing more. */
    CompletableFuture<@Nullable Void> ended() {
        return ended;
    }

    @Override
    public void run() {
        Thread own = Thread.currentThread();
        synchronized (this) {
            if (abandoned) {
                return;
            }
            thread = own;
        }
        String threadName = own.getName();
        own.setName(name);
        try {
            long start = ticker.nanos();
            CheckResult result = check();
            receiver.done(this, result, Duration.ofNanos(ticker.nanos() - start));
        } finally {
            own.setName(threadName);
            synchronized (this) {
                thread = null;
                // A late interrupt was meant for this run, not for what the thread does next.
                Thread.interrupted();
            }
            ended.complete(null);
        }
    }

    private CheckResult check() {
        try {
            return check.run(node, timeout);
        } catch (InterruptedException _) {
            return CheckResult.failed("check was broken off");
        } catch (RuntimeException e) {
            log.error("{} broke down", name, e);
            return CheckResult.failed("check broke down: " + e);
        }
    }

    /** Interrupts the check, or keeps it from starting. */
    void abandon() {
        synchronized (this) {
            abandoned = true;
            if (thread != null) {
                thread.interrupt();
                return;
            }
        }
        ended.complete(null);
    }
}
