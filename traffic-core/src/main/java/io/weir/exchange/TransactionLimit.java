package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.time.DeadlineWheel.Deadline;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.Consumer;

/** How long one exchange may take as a whole. Confined to one event loop. */
final class TransactionLimit extends Deadline {

    private final LoopContext loop;
    private final String what;
    private final Duration limit;
    private final Consumer<TrafficFault> end;

    private TransactionLimit(
            LoopContext loop, String what, Duration limit, Consumer<TrafficFault> end) {
        this.loop = loop;
        this.what = what;
        this.limit = limit;
        this.end = end;
        loop.deadlines().set(this, limit.toNanos());
    }

    /** Begins to watch {@code x}; null when {@code limit} is zero, which is no limit. */
    static @Nullable TransactionLimit of(Exchange x, Duration limit) {
        return limit.isZero()
                ? null
                : new TransactionLimit(x.context(), "the exchange took", limit, x::fail);
    }

    /** The same for a stream. */
    static @Nullable TransactionLimit of(StreamExchange x, Duration limit) {
        return limit.isZero()
                ? null
                : new TransactionLimit(x.context(), "the connection lasted", limit, x::breakOff);
    }

    /** Watches no longer. */
    void forget() {
        loop.deadlines().forget(this);
    }

    @Override
    protected void expired() {
        end.accept(
                new TrafficFault.TookTooLong(
                        what
                                + " longer than max-transaction-duration "
                                + limit.toMillis()
                                + " ms"));
    }
}
