package io.weir.wire;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Has the kernel send for many sockets in one system call (io_uring of Linux, which the kernel or
 * the sandbox of a container may refuse). Every send is over when the call returns: what a socket
 * has no room for is not waited for, so nothing of what was added is read any later. Confined to
 * one event loop.
 */
final class SendRing {

    private static final Logger LOG = LoggerFactory.getLogger(SendRing.class);

    /** Sends of one call; a power of two. */
    static final int SIZE = 64;

    // Numbers of Linux, the same on every architecture (linux/io_uring.h, asm-generic/unistd.h).
    private static final long SETUP = 425;
    private static final long ENTER = 426;
    private static final int PARAMS = 120;
    private static final int PARAMS_FLAGS = 8;
    private static final int PARAMS_FEATURES = 20;
    private static final int PARAMS_SQ = 40;
    private static final int PARAMS_CQ = 80;
    private static final int SQ_HEAD = 0;
    private static final int SQ_TAIL = 4;
    private static final int SQ_MASK = 8;
    private static final int SQ_ARRAY = 24;
    private static final int CQ_HEAD = 0;
    private static final int CQ_TAIL = 4;
    private static final int CQ_MASK = 8;
    private static final int CQ_CQES = 20;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int FEATURE_SINGLE_MMAP = 1;
    private static final int ENTER_GETEVENTS = 1;
    private static final long OFFSET_SQES = 0x10000000L;
    private static final byte OP_SEND = 26;
    private static final byte OP_SENDMSG = 9;
    private static final int SQE = 64;
    private static final int SQE_FD = 4;
    private static final int SQE_ADDRESS = 16;
    private static final int SQE_LENGTH = 24;
    private static final int SQE_FLAGS = 28;
    private static final int SQE_DATA = 32;
    // struct msghdr, of which the rest is 0, and behind it its two of struct iovec.
    private static final int MESSAGE = 128;
    private static final int MESSAGE_PARTS = 16;
    private static final int MESSAGE_COUNT = 24;
    private static final int FIRST_PART = 64;
    private static final int SECOND_PART = 80;
    private static final int PART_LENGTH = 8;
    private static final int CQE = 16;
    private static final int CQE_RESULT = 8;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final VarHandle COUNTER = INT.varHandle();

    private final int fd;
    private final MemorySegment ring;
    private final MemorySegment entries;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment messages;
    private final long submitHead;
    private final long submitTail;
    private final long doneHead;
    private final long doneTail;
    private final long done;
    private final int mask;
    private final int doneMask;
    private final int[] results = new int[SIZE];

    /** Behind the last entry that the kernel has taken. */
    private int tail;

    /** Behind the last result that was read. */
    private int seen;

    private int count;

    private SendRing(int fd, MemorySegment params, MemorySegment ring, MemorySegment entries) {
        this.fd = fd;
        this.ring = ring;
        this.entries = entries;
        this.submitHead = params.get(INT, PARAMS_SQ + SQ_HEAD);
        this.submitTail = params.get(INT, PARAMS_SQ + SQ_TAIL);
        this.mask = ring.get(INT, params.get(INT, PARAMS_SQ + SQ_MASK));
        this.doneHead = params.get(INT, PARAMS_CQ + CQ_HEAD);
        this.doneTail = params.get(INT, PARAMS_CQ + CQ_TAIL);
        this.doneMask = ring.get(INT, params.get(INT, PARAMS_CQ + CQ_MASK));
        this.done = params.get(INT, PARAMS_CQ + CQ_CQES);
        this.messages = arena.allocate((long) MESSAGE * (mask + 1), Long.BYTES);
        long order = params.get(INT, PARAMS_SQ + SQ_ARRAY);
        for (int i = 0; i <= mask; i++) {
            ring.set(INT, order + 4L * i, i);
            long message = (long) MESSAGE * i;
            messages.set(LONG, message + MESSAGE_PARTS, messages.address() + message + FIRST_PART);
            messages.set(LONG, message + MESSAGE_COUNT, 2);
            long at = (long) SQE * i;
            entries.set(INT, at + SQE_FLAGS, MSG_DONTWAIT | MSG_NOSIGNAL);
            entries.set(LONG, at + SQE_DATA, i);
        }
    }

    /** A ring for the event loop that calls; null where the kernel has none for us. */
    static @Nullable SendRing open() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(PARAMS, Long.BYTES);
            params.set(INT, PARAMS_FLAGS, SETUP_SUBMIT_ALL);
            int fd = (int) call(SETUP, SIZE, params.address(), 0, 0);
            if (fd < 0) {
                LOG.debug("sends are not batched: no io_uring here");
                return null;
            }
            // A sandbox may permit to set a ring up and not to use it.
            boolean usable = call(ENTER, fd, 0, 0, 0) == 0;
            SendRing opened = usable ? mapped(fd, params) : null;
            if (opened == null) {
                LOG.debug("sends are not batched: the io_uring of this kernel does not do");
                close(fd);
            }
            return opened;
        } catch (LinkageError | RuntimeException unfit) {
            LOG.debug("sends are not batched: {}", unfit.toString());
            return null;
        }
    }

    private static @Nullable SendRing mapped(int fd, MemorySegment params) {
        int entries = params.get(INT, 0);
        if ((params.get(INT, PARAMS_FEATURES) & FEATURE_SINGLE_MMAP) == 0 || entries < SIZE) {
            return null;
        }
        long length =
                Math.max(
                        params.get(INT, PARAMS_SQ + SQ_ARRAY) + 4L * entries,
                        params.get(INT, PARAMS_CQ + CQ_CQES) + (long) CQE * params.get(INT, 4));
        MemorySegment ring = map(fd, length, 0);
        MemorySegment sqes = ring == null ? null : map(fd, (long) SQE * entries, OFFSET_SQES);
        if (ring == null || sqes == null) {
            if (ring != null) {
                unmap(ring);
            }
            return null;
        }
        return new SendRing(fd, params, ring, sqes);
    }

    @SuppressWarnings("restricted") // the kernel has just mapped so many bytes there
    private static @Nullable MemorySegment map(int fd, long length, long offset) {
        try {
            long at =
                    (long)
                            Library.MMAP.invokeExact(
                                    0L, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
            return at == -1 ? null : MemorySegment.ofAddress(at).reinterpret(length);
        } catch (Throwable never) {
            throw new IllegalStateException("mmap", never);
        }
    }

    private static void unmap(MemorySegment segment) {
        try {
            int _ = (int) Library.MUNMAP.invokeExact(segment.address(), segment.byteSize());
        } catch (Throwable never) {
            throw new IllegalStateException("munmap", never);
        }
    }

    private static void close(int fd) {
        try {
            int _ = (int) Library.CLOSE.invokeExact(fd);
        } catch (Throwable never) {
            throw new IllegalStateException("close", never);
        }
    }

    private static long call(long number, long a, long b, long c, long d) {
        try {
            return (long) Library.SYSCALL.invokeExact(number, a, b, c, d, 0L, 0L);
        } catch (Throwable never) {
            throw new IllegalStateException("syscall " + number, never);
        }
    }

    /** Forgets what was added and not sent. */
    void clear() {
        count = 0;
    }

    /**
     * Adds a send; there may be {@link #SIZE}.
     *
     * @param socket number of the file handle
     * @param address of the first byte, which stays as it is until {@link #send} is over
     */
    void add(int socket, long address, int length) {
        add(OP_SEND, socket, address, length);
    }

    /**
     * Adds a send of two pieces, of which the first one goes first. Both stay as they are, as
     * above.
     */
    void add(int socket, long first, int firstLength, long second, int secondLength) {
        long at = (long) MESSAGE * (tail + count & mask);
        messages.set(LONG, at + FIRST_PART, first);
        messages.set(LONG, at + FIRST_PART + PART_LENGTH, firstLength);
        messages.set(LONG, at + SECOND_PART, second);
        messages.set(LONG, at + SECOND_PART + PART_LENGTH, secondLength);
        add(OP_SENDMSG, socket, messages.address() + at, 1);
    }

    private void add(byte operation, int socket, long address, int length) {
        long at = (long) SQE * (tail + count & mask);
        entries.set(ValueLayout.JAVA_BYTE, at, operation);
        entries.set(INT, at + SQE_FD, socket);
        entries.set(LONG, at + SQE_ADDRESS, address);
        entries.set(INT, at + SQE_LENGTH, length);
        count++;
    }

    /** Sends what was added; {@link #result} tells what became of each. */
    void send() {
        int sent = count;
        int base = tail;
        clear();
        COUNTER.setRelease(ring, submitTail, base + sent);
        long _ = call(ENTER, fd, sent, 0, 0);
        int over = reap(base);
        if (over < sent) {
            over = settle(base, over);
            for (int i = over; i < sent; i++) {
                results[i] = 0;
            }
        }
        tail = base + over;
    }

    /** The kernel has taken fewer than it was given: gets the results of those, no others. */
    private int settle(int base, int reaped) {
        int over = reaped;
        int accepted = (int) COUNTER.getAcquire(ring, submitHead) - base;
        COUNTER.setRelease(ring, submitTail, base + accepted);
        while (over < accepted) {
            long _ = call(ENTER, fd, 0, 1, ENTER_GETEVENTS);
            over += reap(base);
        }
        return accepted;
    }

    private int reap(int base) {
        int from = seen;
        int to = (int) COUNTER.getAcquire(ring, doneTail);
        for (int i = from; i != to; i++) {
            long at = done + (long) CQE * (i & doneMask);
            int index = (int) ring.get(LONG, at) - base & mask;
            results[index] = ring.get(INT, at + CQE_RESULT);
        }
        seen = to;
        COUNTER.setRelease(ring, doneHead, to);
        return to - from;
    }

    /**
     * Bytes that the kernel took of the {@code index}th of the last sends; 0 or less when it took
     * none, because there is no room, or the connection is broken.
     */
    int result(int index) {
        return results[index];
    }

    /** Gives everything back to the kernel. */
    void close() {
        unmap(entries);
        unmap(ring);
        close(fd);
        arena.close();
    }

    /**
     * Functions of the C library. They are looked up when the first ring is opened: where one is
     * missing, or native code must not be called, there is no ring.
     */
    private static final class Library {
        private static final Linker LINKER = Linker.nativeLinker();

        static final MethodHandle SYSCALL =
                handle(
                        "syscall",
                        FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
                        Linker.Option.firstVariadicArg(1));

        static final MethodHandle MMAP =
                handle("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));

        static final MethodHandle MUNMAP = handle("munmap", FunctionDescriptor.of(INT, LONG, LONG));

        static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(INT, INT));

        @SuppressWarnings("restricted") // the types are those of the C library
        private static MethodHandle handle(
                String name, FunctionDescriptor type, Linker.Option... options) {
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
        }
    }
}
