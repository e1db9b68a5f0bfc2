package io.weir.runtime;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weir.admit.Budgets;
import io.weir.bandwidth.BandwidthClasses;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;
import io.weir.tls.TlsContexts;
import io.weir.wire.Listener;
import io.weir.wire.Transport;
import io.weir.wire.WireLoop;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The event loops of the data plane, and what is done on all of them. Safe for every thread but an
 * event loop.
 */
final class EventLoops {

    /** How long loops may take for what is done on all of them. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How often loops are asked whether their clients have gone. */
    private static final long ASK_MILLIS = 20;

    private final Ticker ticker;
    private final EventBus events;
    private final EventLoopGroup group;
    private final List<WireLoop> loops = new ArrayList<>();

    EventLoops(
            int count,
            Transport transport,
            Ticker ticker,
            EventBus events,
            TlsContexts tls,
            BandwidthClasses bandwidth,
            Budgets budgets) {
        this.ticker = ticker;
        this.events = events;
        this.group =
                new MultiThreadIoEventLoopGroup(
                        count, new DefaultThreadFactory("weir-loop", true), transport.ioHandler());
        for (int i = 0; i < count; i++) {
            loops.add(
                    new WireLoop(
                            i, count, group.next(), transport, ticker, tls, bandwidth, budgets));
        }
    }

    /** All of them, in the order of their numbers; not to be changed. */
    List<WireLoop> all() {
        return loops;
    }

    /** As the watchdog sees them. */
    List<LoopWatchdog.Watched> watched() {
        return loops.stream().map(EventLoops::watched).toList();
    }

    private static LoopWatchdog.Watched watched(WireLoop loop) {
        return new LoopWatchdog.Watched() {
            @Override
            public long seenNanos() {
                return loop.seenNanos();
            }

            @Override
            public @Nullable Thread thread() {
                return loop.thread();
            }
        };
    }

    /** Lets the clients of {@code listener}, which has closed, end what they are at. */
    void retireClients(Listener listener) {
        loops.forEach(loop -> loop.execute(() -> loop.closeClients(listener, false)));
    }

    /**
     * Closes client connections and waits until they have gone.
     *
     * @param atOnce whether to cut exchanges under way
     * @param end reading of the ticker at which waiting ends
     * @return whether all have gone
     */
    boolean closeClients(boolean atOnce, long end) {
        while (true) {
            boolean[] idle = {true};
            onEach(
                    loop -> {
                        loop.closeClients(null, atOnce);
                        if (!loop.idle()) {
                            synchronized (idle) {
                                idle[0] = false;
                            }
                        }
                    },
                    PATIENCE_NANOS);
            synchronized (idle) {
                if (idle[0]) {
                    return true;
                }
            }
            if (ticker.nanos() - end >= 0) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(ASK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Closes the connections to nodes, and all that is open still. */
    void closeNodes() {
        onEach(WireLoop::closeNodes, TimeUnit.SECONDS.toNanos(1));
    }

    private void onEach(Consumer<WireLoop> task, long nanos) {
        CountDownLatch done = new CountDownLatch(loops.size());
        for (WireLoop loop : loops) {
            loop.execute(
                    () -> {
                        try {
                            task.accept(loop);
                        } finally {
                            done.countDown();
                        }
                    });
        }
        try {
            if (!done.await(nanos, TimeUnit.NANOSECONDS)) {
                events.emit(EventTag.INTERNALERROR, "an event loop did not react while stopping");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the threads, for whom nothing is left to do. */
    void stop() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3000);
    }
}
