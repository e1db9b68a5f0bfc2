package io.weir.exchange;

import io.weir.config.NodeAddress;
import io.weir.explain.ConnectionState;
import io.weir.explain.ConnectionView;
import io.weir.explain.QueryNames;
import io.weir.http.RequestHead;
import io.weir.pool.PoolNode;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The exchanges of one event loop that have just ended, for those who look at connections: the
 * latest {@value #MOST} of the last minute, and of each second the first {@value #MOST}, so that an
 * exchange costs nothing here when there are many. Confined to the event loop.
 */
public final class JustEnded {

    static final int MOST = 500;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long KEPT = 60 * SECOND;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long second = Long.MIN_VALUE;
    private int inSecond;

    /**
     * An exchange that has ended.
     *
     * @param client null when its address is not known
     * @param node null when it came to none
     */
    public record Entry(
            ConnectionView view,
            @Nullable InetAddress client,
            @Nullable NodeAddress node,
            long endNanos) {}

    void add(Exchange x) {
        if (!hasRoom(x.record().endNanos())) {
            return;
        }
        RequestHead request = x.request();
        add(
                x.record(),
                x.context(),
                x.id(),
                request.http2() ? "h2" : "http",
                x.server().name(),
                x.client().remote(),
                x.client().local(),
                request.headLength(),
                Transcript.host(request) + QueryNames.of(request.rawTarget()));
    }

    void add(StreamLogRecord.Shown x) {
        if (hasRoom(x.record().endNanos())) {
            add(
                    x.record(),
                    x.context(),
                    x.id(),
                    x instanceof DatagramExchange ? "udp" : "tcp",
                    x.server().name(),
                    x.clientAddress(),
                    x.askedAddress(),
                    0,
                    null);
        }
    }

    private boolean hasRoom(long now) {
        long present = now / SECOND;
        if (present != second) {
            second = present;
            inSecond = 0;
        }
        return inSecond++ < MOST;
    }

    private void add(
            ExchangeRecord record,
            LoopContext loop,
            String id,
            String kind,
            String server,
            InetSocketAddress client,
            InetSocketAddress local,
            long headLength,
            @Nullable String url) {
        PoolNode node = record.node();
        List<ExchangeRecord.RuledBy> ruled = record.ruled();
        long ago = record.endNanos() - record.beginNanos();
        ConnectionView view =
                new ConnectionView(
                        id,
                        kind,
                        ConnectionState.ENDED,
                        server,
                        Transcript.address(client),
                        Transcript.address(local),
                        node == null ? null : node.address().toString(),
                        node == null ? null : node.poolName(),
                        Instant.ofEpochMilli(
                                loop.ticker().now().toEpochMilli()
                                        - TimeUnit.NANOSECONDS.toMillis(ago)),
                        0,
                        headLength + record.bytesFromClient(),
                        record.sentToClient(),
                        1,
                        id,
                        url,
                        record.status(),
                        record.retries(),
                        ruled.isEmpty() ? null : ruled.getLast().rule());
        if (entries.size() == MOST) {
            entries.removeFirst();
        }
        entries.addLast(
                new Entry(
                        view,
                        client.getAddress(),
                        node == null ? null : node.address(),
                        record.endNanos()));
    }

    /** Those of the last minute, the latest first; the caller's own. */
    public List<Entry> list(long now) {
        while (!entries.isEmpty() && now - entries.getFirst().endNanos() > KEPT) {
            entries.removeFirst();
        }
        return new ArrayList<>(entries.reversed());
    }
}
