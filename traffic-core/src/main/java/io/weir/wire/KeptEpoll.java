package io.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.ThreadAwareExecutor;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;

/**
 * Netty's epoll handler, but for six things. A socket in which nothing is of interest for a while
 * stays in the epoll set: Netty 4.2 takes it out and forgets that it did, so that the next interest
 * fails; a client that has closed its side and then reads slowly would lose its response. A new
 * socket enters the set with its first real interest, not before it, which saves a system call for
 * each connection. And the end of what a peer sends is seen when everything before it has been
 * read, like anything else: told of it at once, Netty reads all that the kernel still has,
 * megabytes for each connection, whether or not anybody can take it. And the kernel reports what
 * has come on a TCP connection once (EPOLLET), where it otherwise looks at every socket a second
 * time to find that nothing is left; when something may be left, it is asked again. What has come
 * alone, without an end or an error, is read by {@link StraightReads}. Lastly, a connection that is
 * being closed is not taken out of the set: with the socket it leaves by itself. Confined to one
 * event loop.
 */
final class KeptEpoll implements IoHandler {

    /** Whether handles of a class belong to TCP connections. */
    private static final ClassValue<Boolean> OF_STREAM =
            new ClassValue<>() {
                @Override
                protected Boolean computeValue(Class<?> type) {
                    return EpollSocketChannel.class.equals(type.getEnclosingClass());
                }
            };

    /** EPOLLPRI of Linux: urgent data, in front of which a read ends short. */
    private static final EpollIoOps URGENT = EpollIoOps.valueOf(2);

    /** To read; the end of what comes must not hide behind data that came with it. */
    private static final EpollIoOps READ =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(URGENT).with(EpollIoOps.EPOLLET);

    private static final EpollIoOps WRITE = EpollIoOps.EPOLLOUT.with(EpollIoOps.EPOLLET);

    private static final EpollIoOps READ_WRITE = READ.with(EpollIoOps.EPOLLOUT);

    private final IoHandler epoll;

    /** Registrations that wait for their first real interest until the loop turns. */
    private final ArrayDeque<Kept> fresh = new ArrayDeque<>();

    /** Cancelled registrations, which Netty's handler is told when their sockets are closed. */
    private final ArrayDeque<Kept> leaving = new ArrayDeque<>();

    private final ThreadAwareExecutor executor;

    private KeptEpoll(IoHandler epoll, ThreadAwareExecutor executor) {
        this.epoll = epoll;
        this.executor = executor;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new KeptEpoll(factory.newHandler(executor), executor);
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        leave();
        enter();
        return epoll.run(context);
    }

    private void enter() {
        for (Kept kept = fresh.pollFirst(); kept != null; kept = fresh.pollFirst()) {
            kept.enter();
        }
    }

    private void leave() {
        for (Kept kept = leaving.pollFirst(); kept != null; kept = leaving.pollFirst()) {
            kept.inner.cancel();
        }
    }

    @Override
    public void prepareToDestroy() {
        leave();
        enter();
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        // The new one may have got the number of one that is closed.
        leave();
        if (Boolean.TRUE.equals(OF_STREAM.get(handle.getClass()))) {
            Edged edged = new Edged((EpollIoHandle) handle, (Channel.Unsafe) handle);
            Kept kept = new Kept(epoll.register(edged), true);
            edged.kept = kept;
            return kept;
        }
        return new Kept(epoll.register(handle), false);
    }

    /** What the kernel is told when Netty wants to know {@code wanted} of a TCP connection. */
    private static EpollIoOps edge(EpollIoOps wanted) {
        if (!wanted.contains(EpollIoOps.EPOLLIN)) {
            return WRITE;
        }
        return wanted.contains(EpollIoOps.EPOLLOUT) ? READ_WRITE : READ;
    }

    /** A TCP connection: tells its channel what came, and asks again when it has not read all. */
    @SuppressWarnings("try") // nobody holds one as a resource
    private static final class Edged implements EpollIoHandle {
        private final EpollIoHandle inner;
        private final Channel.Unsafe channel;
        private final StraightReads reads;
        private @Nullable Kept kept;

        Edged(EpollIoHandle inner, Channel.Unsafe channel) {
            this.inner = inner;
            this.channel = channel;
            this.reads = new StraightReads(channel, (Socket) inner.fd());
        }

        @Override
        public FileDescriptor fd() {
            return inner.fd();
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            Kept there = kept;
            if (there != null && there.cancelled) {
                return;
            }
            EpollIoOps ops = ((EpollIoEvent) event).ops();
            if (ops.contains(EpollIoOps.EPOLLRDHUP)) {
                EpollIoOps rest = ops.without(EpollIoOps.EPOLLRDHUP);
                inner.handle(registration, (EpollIoEvent) () -> rest);
                again(false);
                return;
            }
            boolean here = ops.value() == EpollIoOps.EPOLLIN.value() && reads.read();
            if (!here) {
                inner.handle(registration, event);
            }
            if (ops.contains(EpollIoOps.EPOLLIN) && (reads.full(here) || ops.contains(URGENT))) {
                again(here);
            }
        }

        private void again(boolean here) {
            Kept there = kept;
            if (there != null && reads.gotSomething(here)) {
                try {
                    there.again();
                } catch (UncheckedIOException gone) {
                    // Nobody would hear of this connection any more.
                    channel.close(channel.voidPromise());
                }
            }
        }

        @Override
        public void registered() {
            inner.registered();
        }

        @Override
        public void unregistered() {
            inner.unregistered();
        }

        @Override
        public void close() throws Exception {
            inner.close();
        }
    }

    private final class Kept implements IoRegistration {
        private final IoRegistration inner;
        private final boolean edged;
        private EpollIoOps told = EpollIoOps.NONE;
        private boolean added;
        private boolean waiting;
        private boolean resting;
        private volatile boolean cancelled;

        Kept(IoRegistration inner, boolean edged) {
            this.inner = inner;
            this.edged = edged;
        }

        /** Has the kernel report once more what it has reported, if it is still so. */
        void again() {
            if (!resting && told.contains(EpollIoOps.EPOLLIN) && isValid()) {
                inner.submit(told);
            }
        }

        void enter() {
            if (waiting) {
                waiting = false;
                added = true;
                rest();
            }
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return inner.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            if (cancelled) {
                return -1;
            }
            EpollIoOps wanted = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
            if (!EpollIoOps.NONE.equals(wanted)) {
                waiting = false;
                added = true;
                resting = false;
                told = edged ? edge(wanted) : wanted;
                return inner.submit(told);
            }
            if (added) {
                rest();
            } else if (!waiting) {
                waiting = true;
                fresh.addLast(this);
            }
            return wanted.value();
        }

        /** Nothing is of interest: only a reset is reported, and that once. */
        private void rest() {
            if (!resting) {
                resting = true;
                inner.submit(EpollIoOps.EPOLLET);
            }
        }

        @Override
        public boolean isValid() {
            return !cancelled && inner.isValid();
        }

        @Override
        public boolean cancel() {
            waiting = false;
            if (!edged || !executor.isExecutorThread(Thread.currentThread())) {
                return inner.cancel();
            }
            if (!isValid()) {
                return false;
            }
            cancelled = true;
            leaving.addLast(this);
            return true;
        }
    }
}
