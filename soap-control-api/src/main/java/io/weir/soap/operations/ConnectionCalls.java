package io.weir.soap.operations;

import io.weir.config.PoolConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.control.RefusedException;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.ConnectionState;
import io.weir.explain.ConnectionView;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The client connections that are open now; times are seconds, counts are cut at what fits. */
final class ConnectionCalls {

    /** More would not fit into a message. */
    private static final int MOST = 5000;

    private ConnectionCalls() {}

    static void register(Handlers handlers) {
        handlers.on("System.Connections.getAllConnections", ConnectionCalls::all);
    }

    private static Object all(Call call) throws SoapProblem {
        Instant now = call.services().ticker().now();
        List<StructValue> all = new ArrayList<>();
        try {
            for (ConnectionView view :
                    call.services()
                            .control()
                            .traffic()
                            .connections(ConnectionQuery.all(MOST))
                            .connections()) {
                all.add(connection(call, view, now));
            }
        } catch (RefusedException e) {
            throw call.refused(e);
        }
        return all;
    }

    private static StructValue connection(Call call, ConnectionView view, Instant now) {
        VirtualServerConfig server =
                call.draft().config().virtualServers().get(view.virtualServer());
        String pool = view.pool();
        PoolConfig used = pool == null ? null : call.draft().config().pools().get(pool);
        long idle = view.idleMillis() / 1000;
        return StructValue.of(
                call.type("Connection"),
                view.client(),
                view.listener(),
                text(view.node()),
                state(view.state()),
                view.virtualServer(),
                text(view.rule()),
                text(pool),
                number(view.bytesIn()),
                number(view.bytesOut()),
                number(Math.max(0, Duration.between(view.since(), now).toSeconds())),
                number(idle),
                number(idle),
                number(view.retries()),
                text(server == null ? null : server.serviceLevel()),
                text(server == null ? null : server.bandwidth()),
                text(used == null ? null : used.bandwidth()),
                view.status() == 0 ? "" : Integer.toString(view.status()),
                text(view.url()));
    }

    private static String state(ConnectionState state) {
        return switch (state) {
            case READING_FROM_CLIENT -> "reading_from_client";
            case EXECUTING_RULE -> "executing_rule";
            case CONNECTING_TO_NODE -> "connecting_to_node";
            case WRITING_TO_NODE -> "writing_to_node";
            case READING_FROM_NODE -> "reading_from_node";
            case WRITING_TO_CLIENT -> "writing_to_client";
            case CLOSING -> "closing_client_connection";
            case KEEPING_ALIVE -> "holding_client_connection";
            case ENDED -> "recent_connection";
        };
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Long number(long value) {
        return Math.min(value, Integer.MAX_VALUE);
    }
}
