package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.exchange.ServerRules.Attached;
import io.weir.fault.TrafficFault;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.rule.RuleState;
import io.weir.rule.RuleTls;
import io.weir.rule.RuleWishes;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The rules of one session of datagrams at work: each datagram passes the list of its direction
 * before it goes on, one after the other. Confined to one event loop.
 */
final class DatagramRules extends CarriedRules {

    /** Datagrams that wait for the one that rules look at; what comes beyond is dropped. */
    private static final int MOST_WAITING = 64;

    private final DatagramExchange x;
    private final Wishes wishes;
    private final List<Attached> requestRules;
    private final List<Attached> responseRules;
    private final ArrayDeque<Piece> waiting = new ArrayDeque<>(2);
    private @Nullable Piece current;

    DatagramRules(DatagramExchange x) {
        super(x.server(), x.context(), x.record());
        this.x = x;
        // One socket serves all sessions, so there is no connection to be tuned.
        this.wishes = new Wishes(new Tunable() {}, x.record(), () -> {});
        this.requestRules = x.server().rules().request();
        this.responseRules = x.server().rules().response();
    }

    /** A datagram as rules see it: all of it is there. */
    private static final class Piece implements Held {
        private final boolean ofClient;
        private ByteBuf bytes;

        Piece(boolean ofClient, ByteBuf bytes) {
            this.ofClient = ofClient;
            this.bytes = bytes;
        }

        @Override
        public int length() {
            return bytes.readableBytes();
        }

        @Override
        public byte[] bytes() {
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.getBytes(bytes.readerIndex(), copy);
            return copy;
        }

        @Override
        public boolean complete() {
            return true;
        }

        @Override
        public void await(int length, Runnable done) {
            done.run();
        }

        @Override
        public void replace(byte[] next) {
            bytes.release();
            bytes = Unpooled.wrappedBuffer(next);
        }

        @Override
        public void endAt(int length) {
            // A datagram goes whole.
        }
    }

    /** A datagram of the client, of which this becomes the owner. */
    void clientDatagram(ByteBuf datagram) {
        take(new Piece(true, datagram));
    }

    /** A datagram of the node, of which this becomes the owner. */
    void nodeDatagram(ByteBuf datagram) {
        take(new Piece(false, datagram));
    }

    private void take(Piece piece) {
        if (current != null && waiting.size() >= MOST_WAITING) {
            piece.bytes.release();
            x.server().account().dropped(x.context(), "udp_rules_busy");
            return;
        }
        waiting.add(piece);
        work();
    }

    /** Whether there is a datagram that has not passed yet. */
    boolean busy() {
        return current != null || !waiting.isEmpty();
    }

    private void work() {
        while (current == null && !over()) {
            Piece piece = waiting.poll();
            if (piece == null) {
                x.endWhenAnswered();
                return;
            }
            current = piece;
            List<Attached> list = piece.ofClient ? requestRules : responseRules;
            Next next = pass(list, piece.ofClient ? RuleState.REQUEST : RuleState.RESPONSE);
            if (next instanceof Next.Wait) {
                return;
            }
            finished(next);
        }
    }

    @Override
    void proceed(Next next) {
        finished(next);
        work();
        x.flush();
        x.nodeReadComplete();
    }

    private void finished(Next next) {
        Piece piece = current;
        current = null;
        if (piece == null) {
            return;
        }
        byte[] ready = takeAnswer();
        if (next instanceof Next.Fail fail) {
            piece.bytes.release();
            x.end(fail.fault());
        } else if (!(next instanceof Next.Continue)) {
            piece.bytes.release();
            x.end(new TrafficFault.Internal("a datagram cannot be answered with a page"));
        } else if (ready != null) {
            piece.bytes.release();
            x.answer(Unpooled.wrappedBuffer(ready));
        } else if (piece.ofClient) {
            x.toNode(piece.bytes);
        } else {
            x.toClient(piece.bytes);
        }
    }

    @Override
    Next close(String rule, byte[] bytes) {
        x.answer(Unpooled.wrappedBuffer(bytes));
        return super.close(rule, bytes);
    }

    /** The session is over. */
    void drop() {
        Piece piece = current;
        current = null;
        if (piece != null) {
            piece.bytes.release();
        }
        waiting.forEach(each -> each.bytes.release());
        waiting.clear();
        List<Attached> completion = x.server().rules().completion();
        if (!completion.isEmpty()) {
            pass(completion, RuleState.COMPLETION);
        }
    }

    // ---- for rules

    @Override
    public Held request() {
        Piece piece = current;
        return piece != null && piece.ofClient ? piece : new Piece(true, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public @Nullable Held response() {
        Piece piece = current;
        return piece == null || piece.ofClient ? null : piece;
    }

    @Override
    public void flush(int length) {
        // A datagram goes whole.
    }

    @Override
    String id() {
        return x.id();
    }

    @Override
    public boolean over() {
        return x.isOver();
    }

    @Override
    public InetSocketAddress clientAddress() {
        return wishes.clientOr(x.clientAddress());
    }

    @Override
    public RuleWishes wishes() {
        return wishes;
    }

    @Override
    public @Nullable InetSocketAddress addressTowardsNode() {
        return null;
    }

    @Override
    public InetSocketAddress localAddress() {
        return x.askedAddress();
    }

    @Override
    public boolean secure() {
        return false;
    }

    @Override
    public @Nullable RuleTls tls() {
        return null;
    }

    @Override
    public Pool pool() {
        return x.search().pool();
    }

    @Override
    public void pool(Pool pool, @Nullable PoolNode only) {
        x.search().pool(pool, only);
    }

    @Override
    @Nullable CarriedSession session() {
        return x.session();
    }
}
