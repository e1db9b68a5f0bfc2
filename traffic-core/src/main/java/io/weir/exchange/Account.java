package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.log.AccessLog;
import io.weir.metrics.VirtualServerCounts;
import io.weir.metrics.VirtualServerMetrics;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every exchange of a virtual server is counted and logged. Its identity is the name of the
 * virtual server, so it outlives configurations. Called on event loops, never blocks.
 */
public final class Account {

    private static final Logger LOG = LoggerFactory.getLogger(Account.class);

    private final VirtualServerMetrics metrics;
    private final ExchangeLogRecord[] records;
    private volatile @Nullable AccessLog log;
    private volatile @Nullable Keeper keeper;

    /**
     * @param loops number of event loops
     */
    public Account(VirtualServerMetrics metrics, int loops) {
        this.metrics = metrics;
        this.records = new ExchangeLogRecord[loops];
        for (int i = 0; i < loops; i++) {
            records[i] = new ExchangeLogRecord();
        }
    }

    /** Uses {@code next} for lines yet to come; null for no log. */
    public void logTo(@Nullable AccessLog next) {
        log = next;
    }

    /** Lets {@code next} keep exchanges yet to end; null to keep none. */
    public void keepWith(@Nullable Keeper next) {
        keeper = next;
    }

    /** The figures so far. */
    public VirtualServerMetrics metrics() {
        return metrics;
    }

    /** A client connection came. */
    public void connectionOpened(LoopContext loop) {
        metrics.onLoop(loop.index()).connectionOpened();
    }

    /** A client connection has gone. */
    public void connectionClosed(LoopContext loop) {
        metrics.onLoop(loop.index()).connectionClosed();
    }

    /** The handshake with a client has succeeded. */
    public void handshake(LoopContext loop, boolean resumed) {
        VirtualServerCounts counts = metrics.onLoop(loop.index());
        if (resumed) {
            counts.handshakeResumed();
        } else {
            counts.handshakeFull();
        }
    }

    /**
     * A handshake with a client came to nothing.
     *
     * @param reason a short word of a closed list
     */
    public void handshakeFailed(LoopContext loop, String reason) {
        metrics.onLoop(loop.index()).handshakeFailed(reason);
    }

    /** An exchange has begun: a whole request head has come and may go on its way. */
    void begun(Exchange x) {
        metrics.onLoop(x.context().index()).exchangeBegan();
    }

    /** The exchange is over, whatever happened; its heads are still there to be read. */
    void ended(Exchange x) {
        count(x.context(), x.record(), x.request().headLength() + x.record().bytesFromClient());
        TrafficFault fault = x.record().fault();
        if (fault != null) {
            debug(x.id(), fault);
        }
        AccessLog lines = log;
        if (lines != null && !x.record().unlogged) {
            ExchangeLogRecord line = records[x.context().index()];
            line.show(x);
            lines.log(line);
        }
        x.context().justEnded().add(x);
        Keeper keeps = keeper;
        if (keeps != null) {
            keeps.ended(x);
        }
    }

    /** A stream, or a session of datagrams, has begun. */
    void begun(StreamLogRecord.Shown x) {
        metrics.onLoop(x.context().index()).exchangeBegan();
    }

    /** It is over, whatever happened. */
    void ended(StreamLogRecord.Shown x) {
        count(x.context(), x.record(), x.record().bytesFromClient());
        TrafficFault fault = x.record().fault();
        if (fault != null) {
            debug(x.id(), fault);
        }
        AccessLog lines = log;
        if (lines != null && !x.record().unlogged) {
            lines.log(new StreamLogRecord(x));
        }
        x.context().justEnded().add(x);
        Keeper keeps = keeper;
        if (keeps != null) {
            keeps.ended(x);
        }
    }

    private void count(LoopContext loop, ExchangeRecord r, long fromClient) {
        VirtualServerCounts counts = metrics.onLoop(loop.index());
        counts.exchangeEnded(
                r.status(),
                r.endNanos() - r.beginNanos(),
                r.replyNanos() == 0 ? -1 : r.replyNanos() - r.beginNanos());
        counts.fromClient(fromClient);
        counts.toClient(r.sentToClient());
        counts.fromNode(r.receivedFromNode());
        counts.toNode(r.sentToNode());
        for (int i = r.retries(); i > 0; i--) {
            counts.retried();
        }
        TrafficFault fault = r.fault();
        if (fault != null) {
            counts.fault(fault.metric());
        }
    }

    private void debug(String id, TrafficFault fault) {
        LOG.debug("virtual server {}, exchange {}: {}", metrics.name(), id, fault.text());
    }

    /**
     * Something was thrown away before anything could begin.
     *
     * @param reason a short stable word
     */
    public void dropped(LoopContext loop, String reason) {
        metrics.onLoop(loop.index()).fault(reason);
    }

    /**
     * A connection, or a stream of one, was ended because of what the client sent.
     *
     * @param reason a short word of a closed list
     */
    public void connectionFault(LoopContext loop, String reason, String text) {
        metrics.onLoop(loop.index()).fault(reason);
        LOG.debug("virtual server {}, a client connection: {}: {}", metrics.name(), reason, text);
    }

    /**
     * A request was refused by the codec before an exchange could begin.
     *
     * @param request lent for the call only
     */
    public void refused(LoopContext loop, RefusedRequest request) {
        TrafficFault fault = request.fault();
        VirtualServerCounts counts = metrics.onLoop(loop.index());
        counts.exchangeBegan();
        counts.exchangeEnded(fault.status(), 0, -1);
        counts.fault(fault.metric());
        LOG.debug("virtual server {} refused a request: {}", metrics.name(), fault.text());
        Keeper keeps = keeper;
        if (keeps != null) {
            keeps.refused(loop, metrics.name(), request);
        }
    }
}
