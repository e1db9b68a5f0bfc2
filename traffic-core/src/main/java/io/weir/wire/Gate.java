package io.weir.wire;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A limit of client connections shared by several listeners. At the limit the listeners stop
 * accepting, so that further clients wait in the kernel's queue; when connections end they go on.
 * Safe for every thread.
 */
public final class Gate {

    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicBoolean shut = new AtomicBoolean();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    private final Runnable whenShut;
    private volatile int limit;
    private volatile boolean held;

    /**
     * @param limit connections at once; 0 for no limit
     * @param whenShut called each time the gate shuts; must not block
     */
    public Gate(int limit, Runnable whenShut) {
        this.limit = limit;
        this.whenShut = whenShut;
    }

    /** Connections inside now. */
    public int inside() {
        return inside.get();
    }

    /** Changes the limit; connections above it stay. */
    public void limit(int connections) {
        limit = connections;
        openIfRoom();
    }

    /** Lets nobody in while {@code shut}, whatever room there is. */
    public void hold(boolean shut) {
        if (held != shut) {
            held = shut;
            openIfRoom();
        }
    }

    /** Lets one connection in, if there is room. */
    public boolean tryEnter() {
        if (held) {
            return false;
        }
        int most = limit;
        for (int now = inside.get(); most == 0 || now < most; now = inside.get()) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        if (shut.compareAndSet(false, true)) {
            whenShut.run();
        }
        return false;
    }

    /** A connection has ended. */
    public void leave() {
        inside.decrementAndGet();
        openIfRoom();
    }

    /** Calls {@code resume}, once, when there is room again; at once when there is. */
    void whenRoom(Runnable resume) {
        waiting.add(resume);
        openIfRoom();
    }

    private void openIfRoom() {
        int most = limit;
        if (held || most != 0 && inside.get() >= most) {
            return;
        }
        if (most == 0 || inside.get() <= most - most / 10) {
            // Not before there is some room: a crowd at the gate would raise an alarm for each
            // client.
            shut.set(false);
        }
        for (Runnable resume : List.copyOf(waiting)) {
            if (waiting.remove(resume)) {
                resume.run();
            }
        }
    }
}
