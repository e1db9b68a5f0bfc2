package io.weir.cache;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of one stored response, outside the heap. One event loop fills it; any number of others
 * read what has come so far. Counted: it lives while the store or a reader holds it.
 *
 * <p>The filler alone calls {@link #append}, {@link #complete} and {@link #abandon}; everything
 * else is safe for every thread.
 */
public final class Body {

    /** Length of every piece of memory but the last. */
    static final int CHUNK = 256 * 1024;

    private static final int FIRST = 8 * 1024;

    /** How far the body has come. */
    public enum State {
        GROWING,
        COMPLETE,
        /** It will never be complete. */
        BROKEN
    }

    private final Memory memory;
    private final long expected;
    private final AtomicInteger holders = new AtomicInteger(1);
    private final List<Runnable> watchers = new ArrayList<>(2);
    private volatile ByteBuf[] chunks = {};
    private volatile long written;
    private volatile State state = State.GROWING;

    /**
     * @param expected length that was announced; negative when it is not known
     */
    Body(Memory memory, long expected) {
        this.memory = memory;
        this.expected = expected;
    }

    /** Keeps the body alive; false when it is gone already. */
    public boolean hold() {
        while (true) {
            int n = holders.get();
            if (n == 0) {
                return false;
            }
            if (holders.compareAndSet(n, n + 1)) {
                return true;
            }
        }
    }

    /** Ends what {@link #hold} began, or the store's own interest. */
    public void letGo() {
        if (holders.decrementAndGet() == 0) {
            for (ByteBuf chunk : chunks) {
                chunk.release();
            }
        }
    }

    /** How far the body has come. Read it before {@link #written}. */
    public State state() {
        return state;
    }

    /** Bytes that are there. */
    public long written() {
        return written;
    }

    /** The announced length; negative when none was. */
    public long expected() {
        return expected;
    }

    /** Bytes of memory that are taken. */
    public long memory() {
        long sum = 0;
        for (ByteBuf chunk : chunks) {
            sum += chunk.capacity();
        }
        return sum;
    }

    /**
     * A retained part of what is there, at most {@code most} bytes from {@code from} on; a shorter
     * one where two pieces of memory meet. Only while the body is held.
     */
    public ByteBuf slice(long from, int most) {
        int at = (int) (from % CHUNK);
        ByteBuf chunk = chunks[(int) (from / CHUNK)];
        long there = Math.min(written - from, CHUNK - at);
        return chunk.retainedSlice(at, (int) Math.min(most, there));
    }

    /**
     * Copies the readable bytes of {@code piece}, which it borrows.
     *
     * @return false when there is no room in the store, and then nothing was copied
     */
    public boolean append(ByteBuf piece) {
        long at = written;
        int length = piece.readableBytes();
        if (expected >= 0 && at + length > expected || !reserve(at + length)) {
            return false;
        }
        int from = piece.readerIndex();
        while (length > 0) {
            int inside = (int) (at % CHUNK);
            int n = Math.min(length, CHUNK - inside);
            chunks[(int) (at / CHUNK)].setBytes(inside, piece, from, n);
            at += n;
            from += n;
            length -= n;
        }
        written = at;
        tellWatchers();
        return true;
    }

    /** Takes the memory for the whole announced length; false when it is not there. */
    boolean reserveAll() {
        return expected < 0 || reserve(expected);
    }

    private boolean reserve(long end) {
        if (end > memory.maxObject()) {
            return false;
        }
        while (true) {
            ByteBuf[] now = chunks;
            int last = now.length - 1;
            long room = last < 0 ? 0 : (long) last * CHUNK + now[last].capacity();
            if (room >= end) {
                return true;
            }
            boolean grow = last >= 0 && now[last].capacity() < CHUNK;
            long start = (long) (grow ? last : last + 1) * CHUNK;
            int size = size(start, end - start, grow ? now[last].capacity() : 0);
            ByteBuf chunk = memory.allocate(size);
            if (chunk == null) {
                return false;
            }
            ByteBuf[] next = Arrays.copyOf(now, grow ? now.length : now.length + 1);
            if (grow) {
                chunk.setBytes(0, now[last], 0, now[last].capacity());
            }
            next[next.length - 1] = chunk;
            chunks = next;
            if (grow) {
                now[last].release();
            }
        }
    }

    private int size(long start, long needed, int before) {
        if (expected >= 0) {
            return (int) Math.min(CHUNK, expected - start);
        }
        long wanted = Math.max(Math.max(FIRST, before * 2L), needed);
        return (int) Math.min(CHUNK, wanted);
    }

    /**
     * The body is complete, and memory that it does not need is given back.
     *
     * @return false, and the body is broken, when fewer bytes came than were announced
     */
    public boolean complete() {
        if (expected >= 0 && written != expected) {
            abandon();
            return false;
        }
        trim();
        state = State.COMPLETE;
        tellWatchers();
        return true;
    }

    private void trim() {
        ByteBuf[] now = chunks;
        int last = now.length - 1;
        int used = last < 0 ? 0 : (int) (written - (long) last * CHUNK);
        if (last < 0 || now[last].capacity() == used) {
            return;
        }
        ByteBuf exact = memory.allocate(used);
        if (exact != null) {
            exact.setBytes(0, now[last], 0, used);
            ByteBuf[] next = now.clone();
            next[last] = exact;
            chunks = next;
            now[last].release();
        }
    }

    /** The body will not be complete. */
    public void abandon() {
        if (state == State.GROWING) {
            state = State.BROKEN;
            tellWatchers();
        }
    }

    /**
     * Runs {@code watcher}, on the filler's thread, whenever more is there, until it is removed.
     */
    public void watch(Runnable watcher) {
        synchronized (watchers) {
            watchers.add(watcher);
        }
        if (state != State.GROWING || written > 0) {
            watcher.run();
        }
    }

    /** Ends what {@link #watch} began. */
    public void unwatch(@Nullable Runnable watcher) {
        synchronized (watchers) {
            watchers.remove(watcher);
        }
    }

    private void tellWatchers() {
        List<Runnable> all;
        synchronized (watchers) {
            if (watchers.isEmpty()) {
                return;
            }
            all = List.copyOf(watchers);
        }
        all.forEach(Runnable::run);
    }
}
