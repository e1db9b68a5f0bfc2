package io.weir.wire;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;

import org.jspecify.annotations.Nullable;

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

    /** For fewer connections one call for each costs less than a ring. */
    private static final int LEAST = 2;

    /** A connection that has something to send. */
    public interface Sender {
        /** It is time. */
        void sendBatched();

        /** Whether what it has to send may go to the kernel as it is. */
        boolean straight();

        /**
         * Has {@code ring} send what it has to send, if that is so simple; nothing else follows.
         *
         * @return false when it has to send by itself
         */
        boolean offer(SendRing ring);

        /**
         * The ring has sent, and so much of it; nothing but keeping account of it follows.
         *
         * @param bytes 0 or less when nothing was sent
         * @return false when something is left to send
         */
        boolean taken(int bytes);
    }

    private final Sender[] waiting = new Sender[LIMIT];
    private final Sender[] together = new Sender[LIMIT];
    private @Nullable SendRing ring;

    /** For how many senders TLS may have something, and for how many it has. */
    private int places;

    private int sealed;
    private int count;
    private long gathered;
    private boolean gathering;

    /**
     * Has {@code sender} send soon, once.
     *
     * @param bytes that it has to send
     * @return false when that is much, or nothing is gathered now: it has to send at once
     */
    public boolean add(Sender sender, long bytes) {
        if (!gathering || bytes > MOST_BYTES) {
            return false;
        }
        if (count == LIMIT || gathered + bytes > MOST_TOGETHER) {
            send();
        }
        gathered += bytes;
        waiting[count++] = sender;
        return true;
    }

    /**
     * Has {@code sender}, to which TLS has just given what another sender of this batch had to
     * send, send soon.
     *
     * @return false when nothing is being sent together now: it has to send at once
     */
    boolean addSealed(Sender sender) {
        if (sealed >= places) {
            return false;
        }
        together[sealed++] = sender;
        return true;
    }

    private void send() {
        boolean before = gathering;
        // What follows from sending, when a connection turns out to be broken, sends itself.
        gathering = false;
        SendRing here = ring;
        int all = here == null || count < LEAST ? count : sendTogether(here);
        for (int i = 0; i < all; i++) {
            waiting[i].sendBatched();
        }
        count = 0;
        gathered = 0;
        gathering = before;
    }

    /**
     * Sends what can be sent in one call. All of them are told what was sent before anything else
     * happens: what follows when a connection turns out to be broken may concern another one.
     *
     * @return how many are left waiting, to send by themselves
     */
    private int sendTogether(SendRing ring) {
        int all = seal();
        ring.clear();
        int left = 0;
        int given = 0;
        for (int i = 0; i < all; i++) {
            Sender sender = together[i];
            if (sender.offer(ring)) {
                together[given++] = sender;
            } else {
                waiting[left++] = sender;
            }
        }
        if (given > 0) {
            ring.send();
        }
        for (int i = 0; i < given; i++) {
            if (!together[i].taken(ring.result(i))) {
                waiting[left++] = together[i];
            }
        }
        return left;
    }

    /**
     * Puts {@link #together} who has something ready for the kernel; what others have goes through
     * their pipelines, and so through TLS, first.
     *
     * @return how many there are
     */
    private int seal() {
        int ready = 0;
        sealed = 0;
        try {
            for (int i = 0; i < count; i++) {
                Sender sender = waiting[i];
                if (sender.straight()) {
                    waiting[ready++] = sender;
                } else {
                    places++;
                    sender.sendBatched();
                }
            }
        } finally {
            places = 0;
        }
        int all = sealed;
        System.arraycopy(waiting, 0, together, all, ready);
        return all + ready;
    }

    /** Wraps the kernel interface of event loops, so that each gathers while it handles events. */
    static final class Factory implements IoHandlerFactory {
        private final IoHandlerFactory inner;
        private final boolean rings;
        private final Map<ThreadAwareExecutor, Gathering> handlers = new ConcurrentHashMap<>();

        /**
         * @param rings whether small pieces are sent by a {@link SendRing} where there is one
         */
        Factory(IoHandlerFactory inner, boolean rings) {
            this.inner = inner;
            this.rings = rings;
        }

        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            Gathering handler = new Gathering(inner.newHandler(executor), new SendBatch(), rings);
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

    private record Gathering(IoHandler inner, SendBatch batch, boolean rings) implements IoHandler {

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
            batch.ring = rings ? SendRing.open() : null;
        }

        @Override
        public void prepareToDestroy() {
            inner.prepareToDestroy();
        }

        @Override
        public void destroy() {
            inner.destroy();
            SendRing ring = batch.ring;
            if (ring != null) {
                batch.ring = null;
                ring.close();
            }
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
