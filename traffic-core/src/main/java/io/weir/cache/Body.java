package io.weir.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

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

    /** A complete body up to this length is copied to memory that needs nothing on the heap. */
    private static final int COMPACT = 64 * 1024;

    /** Runs of bytes with gaps between that a body in parts may have. */
    private static final int MAX_RUNS = 64;

    private static final ByteBuf[] NONE = {};

    private static final AtomicIntegerFieldUpdater<Body> HOLDERS =
            AtomicIntegerFieldUpdater.newUpdater(Body.class, "holders");

    /** How far the body has come. */
    public enum State {
        GROWING,
        COMPLETE,
        /** It will never be complete. */
        BROKEN
    }

    private final Memory memory;
    private final int expected;
    private volatile int holders = 1;
    private @Nullable List<Runnable> watchers;
    private volatile ByteBuf[] chunks = NONE;

    /** Where a compact body is; written before {@link #chunks} becomes empty. */
    private long address;

    private volatile int written;
    private volatile State state = State.GROWING;

    /** What is there of a body that comes in parts; null for one that grows from its beginning. */
    private volatile @Nullable Coverage coverage;

    /**
     * @param expected length that was announced; negative when it is not known
     */
    Body(Memory memory, long expected) {
        this.memory = memory;
        this.expected = (int) expected;
    }

    /** A body that comes in parts, in whatever order, until {@link #add} has brought them all. */
    static Body inParts(Memory memory, int length) {
        Body body = new Body(memory, length);
        ByteBuf[] chunks = new ByteBuf[(length + CHUNK - 1) / CHUNK];
        Arrays.fill(chunks, Unpooled.EMPTY_BUFFER);
        body.chunks = chunks;
        body.coverage = Coverage.NONE;
        return body;
    }

    /** Keeps the body alive; false when it is gone already. */
    public boolean hold() {
        while (true) {
            int n = holders;
            if (n == 0) {
                return false;
            }
            if (HOLDERS.compareAndSet(this, n, n + 1)) {
                return true;
            }
        }
    }

    /** Ends what {@link #hold} began, or the store's own interest. */
    public void letGo() {
        if (HOLDERS.decrementAndGet(this) == 0) {
            for (ByteBuf chunk : chunks) {
                chunk.release();
            }
            if (address != 0) {
                memory.free(address, written);
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

    /** Whether it comes in parts and some are not there yet. */
    public boolean inParts() {
        return coverage != null;
    }

    /** Index behind the last byte that is there of those from {@code from} on without a gap. */
    public long end(long from) {
        Coverage parts = coverage;
        return parts == null ? written : parts.end((int) from);
    }

    /** Bytes that are there, wherever. */
    long present() {
        Coverage parts = coverage;
        return parts == null ? written : parts.bytes();
    }

    /** An entry takes so much more, or less, for bodies and on the heap. */
    void kept(long bodies, long onHeap) {
        memory.keep(bodies, onHeap);
    }

    /** The bytes from the first to the last one that is missing; null when none is. */
    @Nullable ByteRange missing() {
        Coverage parts = coverage;
        return parts == null ? null : new ByteRange(parts.firstGap(), parts.lastGap(expected) - 1L);
    }

    /** Takes the memory for what is {@link #missing}; false when it is not there. */
    synchronized boolean reserveMissing() {
        ByteRange gap = missing();
        return gap == null || reserve((int) gap.first(), (int) gap.last() + 1);
    }

    /** The announced length; negative when none was. */
    public long expected() {
        return expected;
    }

    /** Bytes of memory that are taken. */
    public long memory() {
        long sum = address == 0 ? 0 : NativeMemory.cost(written);
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
        while (true) {
            ByteBuf[] now = chunks;
            if (now.length == 0) {
                HOLDERS.incrementAndGet(this);
                return new Piece(this, address + from, (int) Math.min(most, end(from) - from));
            }
            int at = (int) (from % CHUNK);
            long there = Math.min(end(from) - from, CHUNK - at);
            try {
                return now[(int) (from / CHUNK)].retainedSlice(at, (int) Math.min(most, there));
            } catch (IllegalReferenceCountException e) {
                // The filler has put larger or smaller memory in its place meanwhile.
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Copies the readable bytes of {@code piece}, which it borrows.
     *
     * @return false when there is no room in the store, and then nothing was copied
     */
    public boolean append(ByteBuf piece) {
        int at = written;
        int length = piece.readableBytes();
        if (expected >= 0 && (long) at + length > expected || !reserve((long) at + length)) {
            return false;
        }
        int from = piece.readerIndex();
        while (length > 0) {
            int inside = at % CHUNK;
            int n = Math.min(length, CHUNK - inside);
            chunks[at / CHUNK].setBytes(inside, piece, from, n);
            at += n;
            from += n;
            length -= n;
        }
        written = at;
        tellWatchers();
        return true;
    }

    /**
     * Copies what is missing here of the bytes that {@code part}, complete and held, has from index
     * {@code at} on. For every thread.
     *
     * @return false when there is no room, or there would be too many gaps
     */
    synchronized boolean add(Body part, int at) {
        Coverage before = coverage;
        if (before == null) {
            return true;
        }
        int end = at + part.written;
        Coverage after = before.with(at, end);
        if (after.count() > MAX_RUNS || !reserve(at, end)) {
            return false;
        }
        for (int i = before.end(at); i < end; ) {
            int stop = Math.min(before.next(i, end), end);
            copy(part, at, i, stop);
            i = before.end(stop);
        }
        coverage = after;
        if (after.bytes() == expected) {
            written = expected;
            coverage = null;
            return complete();
        }
        return true;
    }

    private boolean reserve(int from, int end) {
        for (int i = from / CHUNK; i <= (end - 1) / CHUNK; i++) {
            if (chunks[i].capacity() == 0) {
                ByteBuf chunk = memory.allocate(Math.min(CHUNK, expected - i * CHUNK));
                if (chunk == null) {
                    return false;
                }
                ByteBuf[] next = chunks.clone();
                next[i] = chunk;
                chunks = next;
            }
        }
        return true;
    }

    private void copy(Body part, int begin, int from, int to) {
        for (int at = from; at < to; ) {
            int inside = at % CHUNK;
            ByteBuf piece = part.slice(at - begin, Math.min(to - at, CHUNK - inside));
            int n = piece.readableBytes();
            chunks[at / CHUNK].setBytes(inside, piece, piece.readerIndex(), n);
            piece.release();
            at += n;
        }
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
        if (!compact()) {
            trim();
        }
        state = State.COMPLETE;
        tellWatchers();
        return true;
    }

    private boolean compact() {
        ByteBuf[] now = chunks;
        if (now.length != 1 || written == 0 || written > COMPACT) {
            return false;
        }
        long taken = memory.take(written);
        if (taken == 0) {
            return false;
        }
        now[0].getBytes(0, NativeMemory.view(taken, written));
        address = taken;
        chunks = NONE;
        now[0].release();
        return true;
    }

    private void trim() {
        ByteBuf[] now = chunks;
        int last = now.length - 1;
        int used = last < 0 ? 0 : written - last * CHUNK;
        if (last < 0 || used == 0 || now[last].capacity() == used) {
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
        synchronized (this) {
            List<Runnable> all = watchers;
            if (all == null) {
                all = new ArrayList<>(2);
                watchers = all;
            }
            all.add(watcher);
        }
        if (state != State.GROWING || written > 0) {
            watcher.run();
        }
    }

    /** Ends what {@link #watch} began. */
    public void unwatch(@Nullable Runnable watcher) {
        synchronized (this) {
            List<Runnable> all = watchers;
            if (all != null) {
                all.remove(watcher);
                watchers = all.isEmpty() ? null : all;
            }
        }
    }

    private void tellWatchers() {
        List<Runnable> all;
        synchronized (this) {
            if (watchers == null) {
                return;
            }
            all = List.copyOf(watchers);
        }
        all.forEach(Runnable::run);
    }
}
