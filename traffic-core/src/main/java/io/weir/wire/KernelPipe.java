package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;

/**
 * The pipe of one event loop, through which bytes that nobody has to see go from one TCP connection
 * to another without leaving the kernel, and without being copied (splice of Linux). What one
 * connection has put in is taken out before anything else happens; a pipe of which that is not sure
 * is given up, so that nobody gets bytes of somebody else. Confined to one event loop.
 */
public final class KernelPipe {

    private static final Logger LOG = LoggerFactory.getLogger(KernelPipe.class);

    /** Most bytes that are worth moving at once, and that the pipe has room for. */
    public static final int MOST = 256 * 1024;

    /**
     * Fewer bytes are cheaper to read and to send. And a small packet, passed on as it is, keeps a
     * page of the kernel's for as long as its taker does not take it, which nobody counts: one of
     * the places of the pipe holds a packet, and so many bytes in all of them have no tiny ones.
     */
    public static final int LEAST = 32 * 1024;

    /** What {@link #fill} says when the kernel will not. */
    public static final int REFUSED = -1;

    /** F_SETPIPE_SZ of Linux. */
    private static final int SET_CAPACITY = 1031;

    // Numbers of Linux with which a sandbox, or a kernel that cannot, refuses.
    private static final int NOT_PERMITTED = -1;
    private static final int INVALID = -22;
    private static final int NOT_IMPLEMENTED = -38;
    private static final int NOT_SUPPORTED = -95;

    private @Nullable FileDescriptor entrance;
    private @Nullable FileDescriptor exit;
    private int held;
    private boolean refused;
    private boolean closed;

    /** Whether it can be used: neither has the kernel refused to, nor are file handles short. */
    boolean usable() {
        if (held > 0 || refused) {
            giveUp();
        }
        return entrance != null || open();
    }

    private boolean open() {
        if (refused || closed) {
            return false;
        }
        try {
            FileDescriptor[] ends = FileDescriptor.pipe();
            exit = ends[0];
            entrance = ends[1];
        } catch (IOException scarce) {
            return false;
        }
        enlarge();
        return true;
    }

    /** A smaller pipe does, too. */
    private void enlarge() {
        FileDescriptor end = entrance;
        if (end != null) {
            try {
                int _ = (int) Library.FCNTL.invokeExact(end.intValue(), SET_CAPACITY, MOST);
            } catch (Throwable unfit) {
                LOG.debug("pipes keep their size: {}", unfit.toString());
            }
        }
    }

    /**
     * Takes what has come to {@code from}.
     *
     * @return bytes that it holds now, {@code most} at most, and sometimes less than have come; 0
     *     when nothing has come, or the input has ended; {@link #REFUSED} when they have to be read
     * @throws IOException if the connection is broken
     */
    public int fill(Socket from, int most) throws IOException {
        FileDescriptor end = entrance;
        if (end == null) {
            return REFUSED;
        }
        try {
            held = Native.splice(from.intValue(), -1, end.intValue(), -1, most);
            return held;
        } catch (Errors.NativeIoException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            refuse(e);
            return REFUSED;
        }
    }

    /**
     * Sends what it holds.
     *
     * @param bytes so many of them
     * @return bytes that the kernel has not taken, because there is no room or the connection is
     *     broken
     */
    int send(Socket to, int bytes) {
        FileDescriptor end = exit;
        int left = bytes;
        try {
            while (left > 0 && end != null) {
                int sent = Native.splice(end.intValue(), -1, to.intValue(), -1, left);
                if (sent == 0) {
                    break;
                }
                left -= sent;
                held -= sent;
            }
        } catch (Errors.NativeIoException e) {
            // A connection that is broken is so for whoever sends what is left.
            if (isRefusal(e)) {
                refused = true;
                LOG.debug("bytes are copied on their way: {}", e.getMessage());
            }
        } catch (IOException | NotYetConnectedException broken) {
            // As above.
        }
        return left;
    }

    /**
     * Takes {@code bytes} of what it holds out; the caller becomes the owner.
     *
     * @throws IOException if they cannot be had any more
     */
    ByteBuf takeOut(ByteBufAllocator allocator, int bytes) throws IOException {
        FileDescriptor end = exit;
        ByteBuf out = allocator.directBuffer(bytes);
        try {
            ByteBuffer room = out.internalNioBuffer(0, bytes);
            while (room.hasRemaining()) {
                int got = end == null ? 0 : end.read(room, room.position(), room.limit());
                if (got <= 0) {
                    throw new IOException("bytes on their way to a connection are lost");
                }
                room.position(room.position() + got);
                held -= got;
            }
            out.writerIndex(bytes);
            return out.retain();
        } finally {
            out.release();
        }
    }

    /** Throws away what it still holds. */
    void clear() {
        if (held > 0) {
            giveUp();
        }
    }

    private static boolean isRefusal(Errors.NativeIoException e) {
        int error = e.expectedErr();
        return error == NOT_PERMITTED
                || error == INVALID
                || error == NOT_IMPLEMENTED
                || error == NOT_SUPPORTED;
    }

    private void refuse(IOException e) {
        refused = true;
        giveUp();
        LOG.debug("bytes are copied on their way: {}", e.getMessage());
    }

    private void giveUp() {
        held = 0;
        close(entrance);
        close(exit);
        entrance = null;
        exit = null;
    }

    private static void close(@Nullable FileDescriptor end) {
        try {
            if (end != null) {
                end.close();
            }
        } catch (IOException e) {
            LOG.debug("a pipe did not close: {}", e.getMessage());
        }
    }

    /** Closes it for good. */
    void close() {
        closed = true;
        giveUp();
    }

    /** The C library, linked when the first pipe is opened. */
    private static final class Library {
        private static final Linker LINKER = Linker.nativeLinker();

        static final MethodHandle FCNTL = fcntl();

        @SuppressWarnings("restricted") // the type is that of the C library
        private static MethodHandle fcntl() {
            return LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("fcntl"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
        }
    }
}
