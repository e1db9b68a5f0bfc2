package io.weir.brake;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The brake of every thread. Work that may run away calls {@link #check} in its loops; when another
 * thread has pulled the brake of its thread, {@code check} throws, and goes on throwing until the
 * brake is released, so that no {@code catch} or {@code finally} in between keeps the work alive.
 * Safe for every thread.
 *
 * <p>Static, because code into which the checks are woven ({@link BrakedLoader}) has no way to be
 * handed an object. As long as no brake is pulled a check costs one read.
 */
public final class Brake {

    private static final Set<Thread> PULLED = ConcurrentHashMap.newKeySet();
    private static volatile boolean any;

    private Brake() {}

    /**
     * Does nothing, or ends the work of the calling thread.
     *
     * @throws BrakedError when its brake is pulled
     */
    public static void check() {
        if (any && PULLED.contains(Thread.currentThread())) {
            throw new BrakedError();
        }
    }

    /** Ends what {@code thread} does, at its next check. */
    public static void pull(Thread thread) {
        synchronized (PULLED) {
            PULLED.add(thread);
            any = true;
        }
    }

    /** Lets {@code thread} work again; does nothing when its brake is not pulled. */
    public static void release(Thread thread) {
        synchronized (PULLED) {
            PULLED.remove(thread);
            any = !PULLED.isEmpty();
        }
    }
}
