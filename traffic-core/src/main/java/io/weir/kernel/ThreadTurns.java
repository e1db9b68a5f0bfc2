package io.weir.kernel;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * In which order the kernel lets threads have a processor that several of them want. An event loop
 * that has something to do is to come before a thread that works for the control plane, however
 * busy that one is; and yet the control plane must answer under overload, so that it keeps a share.
 *
 * <p>The kernel is asked through the C library, which takes some milliseconds to find: until {@link
 * #open}, and on machines that are no Linux on x86-64 or AArch64, nothing is asked and all threads
 * are alike. Safe for every thread.
 */
@SuppressWarnings("restricted") // The launcher allows native access, Netty needs it as well.
public final class ThreadTurns {

    /** A fifth of what Linux gives otherwise; a thread with shorter turns comes sooner. */
    private static final long BRIEF_NANOS = 500_000;

    /** Weighs a third of a thread with niceness 0 (sched(7)). */
    private static final int NICE = 5;

    private static final int PRIO_PROCESS = 0; // <sys/resource.h>; of Linux, it means one thread
    private static final int CALLER = 0;

    // struct sched_attr of sched_setattr(2): size, policy, flags, nice, priority, runtime, deadline
    // and period. All but these are 0: the policy stays the usual one.
    private static final int ATTR_BYTES = 48;
    private static final long ATTR_NICE = 16;
    private static final long ATTR_RUNTIME = 24;

    private static volatile @Nullable ThreadTurns opened;

    private final MethodHandle getPriority;
    private final MethodHandle setPriority;
    private final MethodHandle systemCall;
    private final long setAttr;

    private ThreadTurns(long setAttr) {
        this.setAttr = setAttr;
        Linker linker = Linker.nativeLinker();
        getPriority =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("getpriority"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        setPriority =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("setpriority"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT));
        MemoryLayout word = ValueLayout.JAVA_LONG;
        systemCall =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("syscall"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG, word, word, ValueLayout.ADDRESS, word),
                        Linker.Option.firstVariadicArg(1));
    }

    /** From now on the kernel is asked. May take some milliseconds the first time. */
    public static synchronized void open() {
        long setAttr = numberOfSetAttr();
        if (opened == null && setAttr != 0) {
            opened = new ThreadTurns(setAttr);
        }
    }

    /** Whether {@link #open} was called on a machine where that does something. */
    public static boolean isOpen() {
        return opened != null;
    }

    /** Of the system call sched_setattr; 0 where it is not known. */
    private static long numberOfSetAttr() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return 0;
        }
        return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> 314;
            case "aarch64" -> 274;
            default -> 0;
        };
    }

    /**
     * Has the calling thread wait less for its turn, for turns that are shorter; its share is the
     * same. Linux heeds it from 6.12 on.
     *
     * @return whether the kernel took it
     */
    public static boolean brief() {
        ThreadTurns turns = opened;
        if (turns == null) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(ATTR_BYTES, Long.BYTES);
            attr.set(ValueLayout.JAVA_INT, 0, ATTR_BYTES);
            attr.set(ValueLayout.JAVA_INT, ATTR_NICE, turns.niceness());
            attr.set(ValueLayout.JAVA_LONG, ATTR_RUNTIME, BRIEF_NANOS);
            return (long) turns.systemCall.invokeExact(turns.setAttr, (long) CALLER, attr, 0L) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("sched_setattr cannot be called", e);
        }
    }

    /**
     * Has the calling thread step back behind those that did not, for good. A virtual thread does
     * this for the thread that carries it, and so for all that is carried there.
     *
     * @return whether the kernel took it
     */
    public static boolean stepBack() {
        ThreadTurns turns = opened;
        if (turns == null) {
            return false;
        }
        try {
            int nice = Math.max(NICE, turns.niceness());
            return (int) turns.setPriority.invokeExact(PRIO_PROCESS, CALLER, nice) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("setpriority cannot be called", e);
        }
    }

    /** Of the calling thread, as whoever started this process wanted it. */
    private int niceness() throws Throwable {
        return (int) getPriority.invokeExact(PRIO_PROCESS, CALLER);
    }
}
