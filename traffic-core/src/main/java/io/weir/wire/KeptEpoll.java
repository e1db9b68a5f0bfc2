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
 * Netty's epoll handler, but for two things. A socket in which nothing is of interest for a while
 * stays in the epoll set: Netty 4.2 takes it out and forgets that it did, so that the next interest
 * fails; a client that has closed its side and then reads slowly would lose its response. And a new
 * socket enters the set with its first real interest, not before it, which saves a system call for
 * each connection. Confined to one event loop.
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

        Kept(IoRegistration inner) {
            this.inner = inner;
        }

        void enter() {
            if (waiting) {
                waiting = false;
                added = true;
                inner.submit(EpollIoOps.EPOLLRDHUP);
            }
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return inner.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            boolean nothing = EpollIoOps.NONE.equals(ops);
            if (added && nothing) {
                return inner.submit(EpollIoOps.EPOLLET);
            }
            if (!added && !waiting && EpollIoOps.EPOLLRDHUP.equals(ops)) {
                waiting = true;
                fresh.addLast(this);
                return EpollIoOps.EPOLLRDHUP.value();
            }
            waiting &= nothing;
            added |= !nothing;
            return inner.submit(ops);
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
