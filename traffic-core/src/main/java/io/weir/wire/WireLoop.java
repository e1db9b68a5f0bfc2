package io.weir.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.weir.admit.Budgets;
import io.weir.bandwidth.BandwidthClasses;
import io.weir.exchange.LoopContext;
import io.weir.exchange.StreamConnections;
import io.weir.kernel.ThreadTurns;
import io.weir.time.Ticker;
import io.weir.tls.TlsContexts;
import io.weir.wire.stream.StreamNodeConnections;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One event loop with everything that its connections share. Confined to that event loop, but for
 * {@link #execute}.
 */
public final class WireLoop {

    private static final Logger LOG = LoggerFactory.getLogger(WireLoop.class);

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Of the heap one part in so many is for unfinished heads, and one for requests of HTTP/2. */
    private static final int HEAP_PARTS = 8;

    /** Bytes of the heap that a request on its way takes, with its connection to a node. */
    private static final int CLAIM = 16 * 1024;

    /** Bytes that one read of an HTTP client takes. */
    private static final int LARGEST_OF_CLIENT = 64 * 1024;

    private final EventLoop eventLoop;
    private final LoopContext context;
    private final PooledNodeConnections nodes;
    private final TlsContexts tls;
    private final BandwidthClasses bandwidth;
    private final HandshakeTurns handshakes;
    private final StreamNodeConnections streams;
    private final Transport transport;
    private final SendBatch batch;
    private final ReadMemory readMemory = new ReadMemory();
    private final SendMemory sendMemory = new SendMemory();
    private final KernelPipe pipe = new KernelPipe();
    private final GrowingReads requestReads = new GrowingReads(this, LARGEST_OF_CLIENT);
    private final Budgets budgets;
    private final UnfinishedHeads unfinishedHeads;
    private final long mostClaims;
    private long claims;
    private int allowance = BufferMemory.ANY;
    private boolean brief;
    private long unwatched;
    private long lastTick;
    private volatile long seen;
    private volatile @Nullable Thread thread;
    private final byte[][] scratch = {new byte[4096]};
    private @Nullable ClientConnection clients;

    /**
     * Makes the loop ready; call on any thread.
     *
     * @param index of the event loop, counted from 0
     * @param loops how many there are
     * @param tls for connections to nodes
     * @param bandwidth classes that pools may name
     * @param budgets what the process may use up
     */
    public WireLoop(
            int index,
            int loops,
            EventLoop eventLoop,
            Transport transport,
            Ticker ticker,
            TlsContexts tls,
            BandwidthClasses bandwidth,
            Budgets budgets) {
        this.budgets = budgets;
        long share = Runtime.getRuntime().maxMemory() / HEAP_PARTS / loops;
        this.unfinishedHeads = new UnfinishedHeads(share);
        this.mostClaims = share / CLAIM;
        this.lastTick = ticker.nanos();
        this.bandwidth = bandwidth;
        this.eventLoop = eventLoop;
        this.tls = tls;
        this.handshakes = new HandshakeTurns(eventLoop, ticker);
        this.context = new LoopContext(index, eventLoop, ticker, TICK_NANOS);
        this.transport = transport;
        this.batch = transport.ioHandler().of(eventLoop);
        this.nodes = new PooledNodeConnections(this, transport);
        this.streams = new StreamNodeConnections(this, transport);
        var _ =
                eventLoop.scheduleAtFixedRate(
                        this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        context.tick();
        seen = context.nanos();
        if (thread == null) {
            thread = Thread.currentThread();
        }
        if (!brief && ThreadTurns.isOpen()) {
            brief = true;
            var _ = ThreadTurns.brief();
        }
        lookAtMemory();
        context.strain()
                .look(seen - lastTick - TICK_NANOS, budgets.maxLagNanos(), budgets.memory());
        lastTick = seen;
        try {
            context.deadlines().advance();
        } catch (RuntimeException defect) {
            // Thrown on, it would end this task for ever, and with it every time-out of the loop.
            LOG.error("defect in a time-out", defect);
        }
    }

    /** So much is being read from a connection: between two ticks memory may become short. */
    void read(int bytes) {
        unwatched += bytes;
        if (unwatched > BufferMemory.unwatched()) {
            lookAtMemory();
        }
    }

    private void lookAtMemory() {
        unwatched = 0;
        BufferMemory.trim();
        int now = BufferMemory.allowance(allowance);
        if (now != allowance) {
            allowance = now;
            for (ClientConnection c = clients; c != null; c = c.nextClient) {
                c.allow(now);
            }
            nodes.allow(now);
        }
    }

    /** When the loop last came round, as reading of the ticker; any thread may ask. */
    public long seenNanos() {
        return seen;
    }

    /** The thread of the loop; null before it has run. Any thread may ask. */
    public @Nullable Thread thread() {
        return thread;
    }

    /** The event loop of Netty. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** Runs {@code task} on the event loop; any thread may call. */
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    /** What the exchanges of the event loop share. */
    public LoopContext context() {
        return context;
    }

    /** How many bytes may be read at once, and wait for one slow peer, as memory is now. */
    int allowance() {
        return allowance;
    }

    /** Whether there is so much memory that much may be on its way at once. */
    public boolean plenty() {
        return allowance == BufferMemory.ANY;
    }

    /** Clients whose heads have not come as a whole. */
    UnfinishedHeads unfinishedHeads() {
        return unfinishedHeads;
    }

    /**
     * So many more requests over HTTP/2, of which one client may have many, wait for their answers
     * or have them stand still; negative for fewer.
     */
    void claimed(int more) {
        claims += more;
    }

    /**
     * Whether each client should have only a few requests on their way at once: there is hardly any
     * memory for buffers, or as many requests hold memory, or may come to, as the heap bears.
     */
    boolean scarce() {
        return allowance == BufferMemory.LEAST || claims >= mostClaims;
    }

    /** Where the node connections of TCP services come from. */
    public StreamConnections streams() {
        return streams;
    }

    PooledNodeConnections nodes() {
        return nodes;
    }

    /** The bandwidth classes in force. */
    BandwidthClasses bandwidth() {
        return bandwidth;
    }

    /** TLS for connections to nodes. */
    TlsContexts tls() {
        return tls;
    }

    /** Where handshakes with clients wait for their turn. */
    HandshakeTurns handshakes() {
        return handshakes;
    }

    /** How much is read of HTTP clients. */
    GrowingReads requestReads() {
        return requestReads;
    }

    /** What large reads go into. */
    public ReadMemory readMemory() {
        return readMemory;
    }

    /** Through which bytes go that nobody reads. */
    public KernelPipe pipe() {
        return pipe;
    }

    /** Who has something small to send. */
    SendBatch batch() {
        return batch;
    }

    Transport transport() {
        return transport;
    }

    /** What the connection of {@code ctx} is going to send. */
    public Output output(ChannelHandlerContext ctx) {
        return new Output(ctx, scratch, batch, sendMemory, pipe);
    }

    /** A client connection is there. */
    public void opened(ClientConnection client) {
        ClientConnection first = clients;
        client.nextClient = first;
        client.previousClient = null;
        if (first != null) {
            first.previousClient = client;
        }
        clients = client;
        client.allow(allowance);
    }

    /** A client connection that was there has gone. */
    @SuppressWarnings("ReferenceEquality") // a connection is equal to itself only
    public void closed(ClientConnection client) {
        ClientConnection before = client.previousClient;
        ClientConnection after = client.nextClient;
        if (before != null) {
            before.nextClient = after;
        } else if (clients == client) {
            clients = after;
        }
        if (after != null) {
            after.previousClient = before;
        }
        client.previousClient = null;
        client.nextClient = null;
    }

    /**
     * Closes the client connections of {@code listener}, or of all when it is null: idle ones now,
     * the others when their exchange is over, or all of them now when {@code atOnce}.
     */
    public void closeClients(@Nullable Listener listener, boolean atOnce) {
        List<ClientConnection> chosen = new ArrayList<>();
        for (ClientConnection c = clients; c != null; c = c.nextClient) {
            if (listener == null || c.listener() == listener) {
                chosen.add(c);
            }
        }
        for (ClientConnection c : chosen) {
            c.retire(atOnce);
        }
    }

    /** Tells of every client connection what it is doing. */
    public void describeClients(ConnectionListing out) {
        for (ClientConnection c = clients; c != null; c = c.nextClient) {
            c.describe(out);
        }
    }

    /**
     * Ends exchanges that have no client, which would hold what they store beyond the end of the
     * event loop; closes the kept node connections and whatever else is open, such as connections
     * that are being made, and keeps no memory of its own any more.
     */
    public void closeNodes() {
        context.endThoseWithoutClient();
        nodes.closeKept();
        transport.ioHandler().closeChannels(eventLoop);
        readMemory.release();
        sendMemory.release();
        pipe.close();
    }

    /** Whether no client connection is left. */
    public boolean idle() {
        return clients == null;
    }
}
