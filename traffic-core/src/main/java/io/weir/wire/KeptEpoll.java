package io.weir.wire;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

import java.util.ArrayDeque;

/**
 * Netty's epoll handler, but for three things. A socket in which nothing is of interest for a while
 * stays in the epoll set: Netty 4.2 takes it out and forgets that it did, so that the next interest
 * fails; a client that has closed its side and then reads slowly would lose its response. A new
 * socket enters the set with its first real interest, not before it, which saves a system call for
 * each connection. And the end of what a peer sends is seen when everything before it has been
 * read, like anything else: told of it at once, Netty reads all that the kernel still has,
 * megabytes for each connection, whether or not anybody can take it. Confined to one event loop.
 */
final class KeptEpoll implements IoHandler {

    private final IoHandler epoll;

    /** Registrations that wait for their first real interest until the loop turns. */
    private final ArrayDeque<Kept> fresh = new ArrayDeque<>();

    private KeptEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new KeptEpoll(factory.newHandler(executor));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        enter();
        return epoll.run(context);
    }

    private void enter() {
        for (Kept kept = fresh.pollFirst(); kept != null; kept = fresh.pollFirst()) {
            kept.enter();
        }
    }

    @Override
    public void prepareToDestroy() {
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
        return new Kept(epoll.register(handle));
    }

    private final class Kept implements IoRegistration {
        private final IoRegistration inner;
        private boolean added;
        private boolean waiting;
        private boolean resting;

        Kept(IoRegistration inner) {
            this.inner = inner;
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
            EpollIoOps wanted = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
            if (!EpollIoOps.NONE.equals(wanted)) {
                waiting = false;
                added = true;
                resting = false;
                return inner.submit(wanted);
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
            return inner.isValid();
        }

        @Override
        public boolean cancel() {
            waiting = false;
            return inner.cancel();
        }
    }
}
