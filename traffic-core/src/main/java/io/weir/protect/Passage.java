package io.weir.protect;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;

/** A connection that a protection class has let in. Safe for every thread. */
public final class Passage {

    /** A connection that is not counted. */
    static final Passage FREE = new Passage(null, 0, 0);

    private final Protection.@Nullable Memory memory;
    private final long upper;
    private final long lower;
    private final AtomicBoolean gone = new AtomicBoolean();

    Passage(Protection.@Nullable Memory memory, long upper, long lower) {
        this.memory = memory;
        this.upper = upper;
        this.lower = lower;
    }

    /** Whether {@link #leave} is to be called. */
    public boolean counted() {
        return memory != null;
    }

    /** The connection has gone. Calling twice is harmless. */
    public void leave() {
        Protection.Memory of = memory;
        if (of != null && gone.compareAndSet(false, true)) {
            int had = of.addresses().close(upper, lower);
            if (had > 0) {
                of.busiest().moved(had, had - 1);
            }
            of.connections().decrementAndGet();
        }
    }
}
