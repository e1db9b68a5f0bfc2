package io.weir.soap.operations;

import io.weir.config.ExplainConfig;
import io.weir.config.PoolConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.control.RefusedException;
import io.weir.control.Traffic;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.ConnectionState;
import io.weir.explain.ConnectionView;
import io.weir.explain.KeptExchange;
import io.weir.explain.KeptQuery;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The client connections that are open now, and behind them the recent ones: the exchanges that
 * Weir keeps so that they can be explained ({@code explain} of the virtual servers and of {@code
 * global}). Times are seconds, counts are cut at what fits.
 */
final class ConnectionCalls {

    /** More would not fit into a message. */
    private static final int MOST = 5000;

    private static final String SECTION = "virtual-servers";
    private static final String KEY = "explain";

    private ConnectionCalls() {}

    static void register(Handlers handlers) {
        handlers.on("System.Connections.getAllConnections", ConnectionCalls::all);
        String v = "VirtualServer.";
        handlers.on(v + "getRecentConnsEnabled", call -> explain(call, ConnectionCalls::keepsSome));
        handlers.on(v + "getRecentConnsSaveAll", call -> explain(call, kept -> kept.sample() == 1));
        handlers.on(v + "setRecentConnsEnabled", ConnectionCalls::setEnabled);
        handlers.on(v + "setRecentConnsSaveAll", ConnectionCalls::setSaveAll);
    }

    private static Object all(Call call) throws SoapProblem {
        Instant now = call.services().ticker().now();
        List<StructValue> all = new ArrayList<>();
        Traffic traffic = call.services().control().traffic();
        try {
            for (ConnectionView view :
                    traffic.connections(ConnectionQuery.all(MOST)).connections()) {
                all.add(connection(call, view, now));
            }
            if (all.size() < MOST) {
                for (KeptExchange kept :
                        traffic.exchanges(KeptQuery.all(MOST - all.size())).exchanges()) {
                    all.add(recent(call, kept, now));
                }
            }
        } catch (RefusedException e) {
            throw call.refused(e);
        }
        return all;
    }

    private static StructValue recent(Call call, KeptExchange kept, Instant now) {
        VirtualServerConfig server = server(call, kept.virtualServer());
        String pool = kept.pool();
        PoolConfig used = pool(call, pool);
        KeptExchange.Request request = kept.request();
        Instant end = kept.time().plusNanos(TimeUnit.MICROSECONDS.toNanos(kept.micros()));
        Long idle = seconds(end, now);
        return StructValue.of(
                call.type("Connection"),
                NodeStats.written(kept.client().address(), kept.client().port()),
                kept.client().listener(),
                text(kept.node()),
                "recent_connection",
                kept.virtualServer(),
                kept.rules().isEmpty() ? "" : kept.rules().getLast().rule(),
                text(pool),
                number(kept.bytes().fromClient()),
                number(kept.bytes().toClient()),
                seconds(kept.time(), now),
                idle,
                idle,
                number(Math.max(0, kept.tries().size() - 1)),
                text(server == null ? null : server.serviceLevel()),
                text(server == null ? null : server.bandwidth()),
                text(used == null ? null : used.bandwidth()),
                kept.status() == 0 ? "" : Integer.toString(kept.status()),
                request == null ? "" : request.host() + request.path());
    }

    private static @Nullable VirtualServerConfig server(Call call, String name) {
        return call.draft().config().virtualServers().get(name);
    }

    private static @Nullable PoolConfig pool(Call call, @Nullable String name) {
        return name == null ? null : call.draft().config().pools().get(name);
    }

    private static Long seconds(Instant since, Instant now) {
        return number(Math.max(0, Duration.between(since, now).toSeconds()));
    }

    // ---- what virtual servers keep

    private static boolean keepsSome(ExplainConfig kept) {
        return kept.errors() || !kept.slowAfter().isZero() || kept.sample() > 0;
    }

    private static Object explain(Call call, Predicate<ExplainConfig> question) throws SoapProblem {
        List<Boolean> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add(question.test(VirtualServerCalls.server(call, name).explain()));
        }
        return all;
    }

    /** Off is a virtual server that keeps nothing; on is what it keeps by default. */
    private static @Nullable Object setEnabled(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean on = (Boolean) ((List<?>) call.arguments().get(1)).get(i);
            if (on != keepsSome(VirtualServerCalls.server(call, name).explain())) {
                JsonNodeFactory json = JsonNodeFactory.instance;
                set(call, name, "errors", on ? null : json.booleanNode(false));
                set(call, name, "slow-after", on ? null : json.stringNode("0s"));
                set(call, name, "sample", on ? null : json.numberNode(0));
            }
        }
        return null;
    }

    private static @Nullable Object setSaveAll(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean every = (Boolean) ((List<?>) call.arguments().get(1)).get(i);
            if (every != (VirtualServerCalls.server(call, name).explain().sample() == 1)) {
                set(call, name, "sample", every ? JsonNodeFactory.instance.numberNode(1) : null);
            }
        }
        return null;
    }

    private static void set(Call call, String name, String key, @Nullable JsonNode value)
            throws SoapProblem {
        call.draft().set(SECTION, name, KEY + "." + key, value);
    }

    // ---- one connection

    private static StructValue connection(Call call, ConnectionView view, Instant now) {
        VirtualServerConfig server = server(call, view.virtualServer());
        String pool = view.pool();
        PoolConfig used = pool(call, pool);
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
                seconds(view.since(), now),
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
