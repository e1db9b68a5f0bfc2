package io.weir.wire;

import io.weir.config.NodeAddress;
import io.weir.exchange.ConnectionRecord;
import io.weir.exchange.Exchange;
import io.weir.exchange.ExchangeRecord;
import io.weir.exchange.JustEnded;
import io.weir.exchange.LoopContext;
import io.weir.exchange.Stage;
import io.weir.exchange.StreamLogRecord;
import io.weir.exchange.VirtualServer;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.ConnectionState;
import io.weir.explain.ConnectionView;
import io.weir.explain.QueryNames;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.pool.PoolNode;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one event loop that fit a query. Filled on that loop, so it writes down no
 * more than is asked for; read by others afterwards.
 */
public final class ConnectionListing {

    private final ConnectionQuery query;
    private final LoopContext loop;
    private final List<ConnectionView> views = new ArrayList<>();
    private final List<ConnectionView> endedViews = new ArrayList<>();
    private long total;
    private long ended;

    public ConnectionListing(ConnectionQuery query, LoopContext loop) {
        this.query = query;
        this.loop = loop;
    }

    /** Those that fit, up to the most that the query asks for. */
    public List<ConnectionView> views() {
        return views;
    }

    /** Those that have just ended, the latest first; up to the same number. */
    public List<ConnectionView> endedViews() {
        return endedViews;
    }

    /** How many have just ended. */
    public long ended() {
        return ended;
    }

    /** How many are open. */
    public long total() {
        return total;
    }

    /**
     * A connection of HTTP, or a stream of one.
     *
     * @param x what is under way; null for nothing
     * @param otherwise the state when nothing is under way
     */
    public void http(
            String id,
            String kind,
            ClientHome client,
            long bytesOut,
            @Nullable Exchange x,
            ConnectionState otherwise) {
        ExchangeRecord record = x == null ? null : x.record();
        ConnectionState state = x == null ? otherwise : Stage.of(x);
        ConnectedClient who = client.client();
        if (!wanted(client.server(), who.remote(), record, state)) {
            return;
        }
        views.add(
                view(
                        id,
                        kind,
                        state,
                        client.server(),
                        who.remote(),
                        who.local(),
                        who.record(),
                        record,
                        bytesOut,
                        x == null ? null : x.id(),
                        x == null ? null : url(x)));
    }

    /**
     * A connection of another protocol, or a session of datagrams.
     *
     * @param x what is under way; null for nothing yet
     */
    public void stream(
            String id,
            String kind,
            VirtualServer server,
            InetSocketAddress client,
            InetSocketAddress local,
            ConnectionRecord connection,
            StreamLogRecord.@Nullable Shown x) {
        ExchangeRecord record = x == null ? null : x.record();
        ConnectionState state = x == null ? ConnectionState.READING_FROM_CLIENT : Stage.of(x);
        if (wanted(server, client, record, state)) {
            views.add(
                    view(
                            id,
                            kind,
                            state,
                            server,
                            client,
                            local,
                            connection,
                            record,
                            record == null ? 0 : record.bytesToClient(),
                            x == null ? null : x.id(),
                            null));
        }
    }

    /** Adds the exchanges of this event loop that have just ended, when they are asked for. */
    public void addEnded() {
        if (!query.ended()) {
            return;
        }
        long now = loop.nanos();
        for (JustEnded.Entry each : loop.justEnded().list(now)) {
            if (fits(
                    each.view().virtualServer(),
                    each.client(),
                    each.node(),
                    ConnectionState.ENDED)) {
                ended++;
                if (endedViews.size() < query.max()) {
                    long idle = Math.max(0, now - each.endNanos());
                    endedViews.add(each.view().idleFor(TimeUnit.NANOSECONDS.toMillis(idle)));
                }
            }
        }
    }

    /** Counts what fits; whether there is room for it. */
    private boolean wanted(
            VirtualServer server,
            InetSocketAddress client,
            @Nullable ExchangeRecord record,
            ConnectionState state) {
        PoolNode node = record == null ? null : record.node();
        boolean fits =
                fits(
                        server.name(),
                        client.getAddress(),
                        node == null ? null : node.address(),
                        state);
        if (fits) {
            total++;
        }
        return fits && views.size() < query.max();
    }

    private boolean fits(
            String server,
            @Nullable InetAddress client,
            @Nullable NodeAddress node,
            ConnectionState state) {
        return (query.virtualServer() == null || query.virtualServer().equals(server))
                && (query.client() == null || query.client().equals(client))
                && (query.state() == null || query.state() == state)
                && (query.node() == null || query.node().equals(node));
    }

    private ConnectionView view(
            String id,
            String kind,
            ConnectionState state,
            VirtualServer server,
            InetSocketAddress client,
            InetSocketAddress local,
            ConnectionRecord connection,
            @Nullable ExchangeRecord record,
            long bytesOut,
            @Nullable String exchange,
            @Nullable String url) {
        PoolNode node = record == null ? null : record.node();
        long now = loop.nanos();
        return new ConnectionView(
                id,
                kind,
                state,
                server.name(),
                text(client),
                text(local),
                node == null ? null : node.address().toString(),
                node == null ? null : node.poolName(),
                since(now - connection.openedNanos()),
                TimeUnit.NANOSECONDS.toMillis(Math.max(0, now - connection.movedNanos())),
                connection.bytesIn(),
                bytesOut,
                exchange != null && url == null ? 1 : connection.requests(),
                exchange,
                url,
                record == null ? 0 : record.status(),
                record == null ? 0 : record.retries(),
                record == null ? null : record.waitsInRule());
    }

    private Instant since(long nanosAgo) {
        return Instant.ofEpochMilli(
                loop.ticker().now().toEpochMilli() - TimeUnit.NANOSECONDS.toMillis(nanosAgo));
    }

    private static String url(Exchange x) {
        RequestHead request = x.request();
        int host = request.find(FieldName.HOST, 0);
        return (host < 0 ? "" : request.value(host)) + QueryNames.of(request.rawTarget());
    }

    private static String text(InetSocketAddress of) {
        InetAddress address = of.getAddress();
        String host = address == null ? "unknown" : address.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + of.getPort();
    }
}
