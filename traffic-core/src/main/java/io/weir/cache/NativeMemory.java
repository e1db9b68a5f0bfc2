package io.weir.cache;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/**
 * Memory of the C library, for which nothing is kept on the heap: a buffer object with its cleaner
 * would take more than a small body. Safe for every thread; whoever takes memory frees it once.
 */
@SuppressWarnings("restricted") // The launcher allows native access, Netty needs it as well.
final class NativeMemory {

    private static final MethodHandle MALLOC =
            handle("malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE =
            handle("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    /** All of it, in no order: for addresses that {@link #take} gave. */
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private NativeMemory() {}

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /** The address of {@code size} bytes; 0 when the machine has none. */
    static long take(int size) {
        try {
            return (long) MALLOC.invokeExact((long) size);
        } catch (Throwable e) {
            throw new IllegalStateException("malloc cannot be called", e);
        }
    }

    /** Gives back what {@link #take} gave. */
    static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw new IllegalStateException("free cannot be called", e);
        }
    }

    /** Bytes that {@code size} bytes really cost: the usual C library rounds like this. */
    static int cost(int size) {
        return Math.max(32, size + 8 + 15 & ~15);
    }

    /** The {@code size} bytes at {@code address}, which the buffer does not keep alive. */
    static ByteBuffer view(long address, int size) {
        return MemorySegment.ofAddress(address).reinterpret(size).asByteBuffer();
    }
}
