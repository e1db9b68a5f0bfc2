package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.time.DeadlineWheel.Deadline;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** How long one exchange may take as a whole. Confined to one event loop. */
final class TransactionLimit extends Deadline {

    private final Exchange x;
    private final Duration limit;

    private TransactionLimit(Exchange x, Duration limit) {
        this.x = x;
        this.limit = limit;
    }

    /** Begins to watch {@code x}; null when {@code limit} is zero, which is no limit. */
    static @Nullable TransactionLimit of(Exchange x, Duration limit) {
        if (limit.isZero()) {
            return null;
        }
        TransactionLimit begun = new TransactionLimit(x, limit);
        x.context().deadlines().set(begun, limit.toNanos());
        return begun;
    }

    /** Watches no longer. */
    void forget() {
        x.context().deadlines().forget(this);
    }

    @Override
    protected void expired() {
        x.fail(
                new TrafficFault.TookTooLong(
                        "the exchange took longer than max-transaction-duration "
                                + limit.toMillis()
                                + " ms"));
    }
}
