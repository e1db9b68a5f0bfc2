package io.weir.wire;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of one event loop that have something to send. While the loop handles what the
 * kernel reported, they are gathered; then all of them are sent. Reading first and sending after
 * keeps each half of the kernel's work in the processor's caches, and a peer that sleeps is woken
 * once for several messages. Confined to one event loop.
 */
public final class SendBatch {

    /** Connections sent at once; more would let the first of them wait for too long. */
    private static final int LIMIT = 64;

    /**
     * Bytes up to which a connection waits for others, and that wait altogether: what is more would
     * drive all that was read before it out of the processor's caches.
     */
    private static final int MOST_BYTES = 16 * 1024;

    private static final int MOST_TOGETHER = 256 * 1024;

    private final Output[] waiting = new Output[LIMIT];
    private int count;
    private long gathered;
    private boolean gathering;

    /**
     * Has {@code output} send soon, once.
     *
     * @param bytes that it has to send
     * @return false when that is much, or nothing is gathered now: it has to send at once
     */
    boolean add(Output output, long bytes) {
        if (!gathering || bytes > MOST_BYTES) {
            return false;
        }
        if (count == LIMIT || gathered + bytes > MOST_TOGETHER) {
            send();
        }
        gathered += bytes;
        waiting[count++] = output;
        return true;
    }

    private void send() {
        boolean before = gathering;
        // What follows from sending, when a connection turns out to be broken, sends itself.
        gathering = false;
        for (int i = 0; i < count; i++) {
            waiting[i].sendBatched();
        }
        count = 0;
        gathered = 0;
        gathering = before;
    }

    /** Wraps the kernel interface of event loops, so that each gathers while it handles events. */
    static final class Factory implements IoHandlerFactory {
        private final IoHandlerFactory inner;
        private final Map<ThreadAwareExecutor, Gathering> handlers = new ConcurrentHashMap<>();

        Factory(IoHandlerFactory inner) {
            this.inner = inner;
        }

        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            Gathering handler = new Gathering(inner.newHandler(executor), new SendBatch());
            handlers.put(executor, handler);
            return handler;
        }

        /** The batch of an event loop that was made with this factory; an idle one for others. */
        SendBatch of(EventLoop loop) {
            Gathering handler = handlers.get(loop);
            return handler == null ? new SendBatch() : handler.batch;
        }

        /**
         * Closes every channel of an event loop, which is about to end and calls this. Netty does
         * so by itself, unless it is told to end just between two of its own looks: then it ends
         * with channels open, whose handlers keep what they have for ever.
         */
        void closeChannels(EventLoop loop) {
            Gathering handler = handlers.get(loop);
            if (handler != null) {
                handler.prepareToDestroy();
            }
        }
    }

    private record Gathering(IoHandler inner, SendBatch batch) implements IoHandler {

        @Override
        public int run(IoHandlerContext context) {
            batch.gathering = true;
            try {
                return inner.run(context);
            } finally {
                batch.gathering = false;
                batch.send();
            }
        }

        @Override
        public void initialize() {
            inner.initialize();
        }

        @Override
        public void prepareToDestroy() {
            inner.prepareToDestroy();
        }

        @Override
        public void destroy() {
            inner.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return inner.register(handle);
        }

        @Override
        public void wakeup() {
            inner.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return inner.isCompatible(handleType);
        }
    }
}
