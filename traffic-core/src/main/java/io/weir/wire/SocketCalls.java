package io.weir.wire;

import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * What small messages ask of their sockets, by the shortest way there is: without JNI, and without
 * what the C library does so that a thread can be cancelled, which costs as much as a quarter of
 * the call. Where the numbers of the kernel's calls are not known, and for whatever does not simply
 * work, Netty asks. Nothing waits. For every thread that may use the socket.
 */
final class SocketCalls {

    private static final Logger LOG = LoggerFactory.getLogger(SocketCalls.class);

    /** Bytes of one call. The JVM cannot stop its threads while one of them is in such a call. */
    private static final int MOST = 32 * 1024;

    private static final long MSG_DONTWAIT = 0x40;
    private static final long MSG_NOSIGNAL = 0x4000;
    private static final long MSG_MORE = 0x8000;

    /** Numbers of Linux (asm/unistd.h), which differ from one architecture to the next. */
    private record Numbers(long receive, long send, long sendVector, long sendMessage) {}

    private static final @Nullable Numbers NUMBERS = numbers();
    private static final @Nullable MethodHandle CALL = NUMBERS == null ? null : handle();
    private static final long RECEIVE = NUMBERS == null ? 0 : NUMBERS.receive;
    private static final long SEND = NUMBERS == null ? 0 : NUMBERS.send;
    private static final long SEND_VECTOR = NUMBERS == null ? 0 : NUMBERS.sendVector;
    private static final long SEND_MESSAGE = NUMBERS == null ? 0 : NUMBERS.sendMessage;

    private SocketCalls() {}

    private static @Nullable Numbers numbers() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> new Numbers(45, 44, 20, 46);
            case "aarch64" -> new Numbers(207, 206, 66, 211);
            default -> null;
        };
    }

    @SuppressWarnings("restricted") // the types are those of the C library
    private static @Nullable MethodHandle handle() {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.critical(false));
        } catch (LinkageError | RuntimeException unfit) {
            LOG.debug("sockets are asked by Netty: {}", unfit.toString());
            return null;
        }
    }

    /** What the kernel returns; negative when it has to be asked again, by Netty. */
    private static long call(long number, Socket socket, long address, long length, long flags) {
        MethodHandle here = CALL;
        if (here == null) {
            return -1;
        }
        try {
            return (long)
                    here.invokeExact(
                            number, (long) socket.intValue(), address, length, flags, 0L, 0L);
        } catch (Throwable never) {
            throw new IllegalStateException("system call " + number, never);
        }
    }

    /**
     * Reads what has come.
     *
     * @param address where {@code length} bytes have room
     * @return bytes that were read; 0 when nothing is there now, and -1 when nothing will be
     * @throws IOException if the connection is broken
     */
    static int receive(Socket socket, long address, int length) throws IOException {
        long got = length > MOST ? -1 : call(RECEIVE, socket, address, length, MSG_DONTWAIT);
        return got > 0 ? (int) got : socket.recvAddress(address, 0, length);
    }

    /**
     * Sends {@code length} bytes.
     *
     * @param address of the first one
     * @return bytes that the kernel has taken; 0 when it has no room now
     * @throws IOException if the connection is broken
     */
    static int send(Socket socket, long address, int length) throws IOException {
        long sent =
                length > MOST
                        ? -1
                        : call(SEND, socket, address, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        return sent >= 0 ? (int) sent : socket.sendAddress(address, 0, length);
    }

    /**
     * Sends all {@code parts}.
     *
     * @return bytes that the kernel has taken; 0 when it has no room now
     * @throws IOException if the connection is broken
     */
    static long send(Socket socket, IovArray parts) throws IOException {
        long first = parts.memoryAddress(0);
        long sent = parts.size() > MOST ? -1 : call(SEND_VECTOR, socket, first, parts.count(), 0);
        return sent >= 0 ? sent : socket.writevAddresses(first, parts.count());
    }

    /**
     * Sends a message behind which more follows at once, by another call: so the kernel may wait
     * for that, and send both as one packet.
     *
     * @param message address of a struct msghdr
     * @param length bytes of it
     * @return bytes that the kernel has taken; 0 when it has taken none, for whatever reason, one
     *     of which is that they are too many for a short call
     */
    static int sendAhead(Socket socket, long message, int length) {
        if (length > MOST) {
            return 0;
        }
        long flags = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE;
        return (int) Math.max(0, call(SEND_MESSAGE, socket, message, flags, 0));
    }
}
