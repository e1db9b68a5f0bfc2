package io.weir.control.local;

import io.weir.control.store.Json;
import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionView;
import io.weir.explain.Foresight;
import io.weir.explain.KeptExchange;
import io.weir.explain.KeptExchanges;
import io.weir.history.Chart;
import io.weir.history.History;
import io.weir.history.Series;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Kept exchanges and connections as plain documents for the command line and REST. Their keys are
 * in camel case, as charts and tables of web pages have them.
 */
public final class TrafficDocuments {

    private TrafficDocuments() {}

    /** A page of kept exchanges, one line for each. */
    public static Map<String, @Nullable Object> page(KeptExchanges.Page page) {
        return Json.object(
                "exchanges",
                page.exchanges().stream().map(TrafficDocuments::line).toList(),
                "next",
                page.next());
    }

    private static Map<String, @Nullable Object> line(KeptExchange x) {
        KeptExchange.Request request = x.request();
        return Json.object(
                "id", x.id(),
                "time", x.time(),
                "virtualServer", x.virtualServer(),
                "client", x.client().address(),
                "method", request == null ? null : request.method(),
                "host", request == null ? null : request.host(),
                "path", request == null ? null : request.path(),
                "status", x.status() == 0 ? null : x.status(),
                "pool", x.pool(),
                "node", x.node(),
                "millis", TimeUnit.MICROSECONDS.toMillis(x.micros()),
                "kept", x.kept().keyword(),
                "cause", x.trouble());
    }

    /** The whole record of a kept exchange. */
    public static Map<String, @Nullable Object> exchange(KeptExchange x) {
        Map<String, @Nullable Object> document = line(x);
        document.put("micros", x.micros());
        document.put("fault", x.fault());
        document.put("protocol", x.client().protocol());
        document.put("clientPort", x.client().port());
        document.put("listener", x.client().listener());
        KeptExchange.Tls tls = x.tls();
        document.put(
                "tls",
                tls == null
                        ? null
                        : Json.object(
                                "version", tls.version(),
                                "cipher", tls.cipher(),
                                "serverName", tls.serverName(),
                                "resumed", tls.resumed()));
        document.put("persistence", x.persistence());
        KeptExchange.Cache cache = x.cache();
        document.put(
                "cache",
                cache == null
                        ? null
                        : Json.object(
                                "verdict", cache.verdict(),
                                "why", cache.why(),
                                "stored", cache.stored()));
        document.put("compression", x.compression());
        document.put("rules", x.rules().stream().map(TrafficDocuments::rule).toList());
        document.put("candidates", x.candidates().stream().map(TrafficDocuments::node).toList());
        document.put("tries", x.tries().stream().map(TrafficDocuments::attempt).toList());
        document.put("phases", x.phases().stream().map(TrafficDocuments::phase).toList());
        document.put(
                "bytes",
                Json.object(
                        "fromClient", x.bytes().fromClient(),
                        "toClient", x.bytes().toClient(),
                        "fromNode", x.bytes().fromNode(),
                        "toNode", x.bytes().toNode()));
        return document;
    }

    private static Map<String, @Nullable Object> rule(KeptExchange.RuleResult of) {
        return Json.object(
                "rule", of.rule(),
                "state", of.state(),
                "result", of.result(),
                "micros", of.micros(),
                "text", of.text());
    }

    private static Map<String, @Nullable Object> node(KeptExchange.Candidate of) {
        return Json.object(
                "pool", of.pool(),
                "node", of.node(),
                "state", of.state(),
                "health", of.health(),
                "weight", of.weight(),
                "priority", of.priority(),
                "chosen", of.chosen(),
                "why", of.why());
    }

    private static Map<String, @Nullable Object> attempt(KeptExchange.Try of) {
        return Json.object(
                "pool", of.pool(),
                "node", of.node(),
                "startMicros", of.startMicros(),
                "micros", of.micros(),
                "reused", of.reused(),
                "result", of.result());
    }

    private static Map<String, @Nullable Object> phase(KeptExchange.Phase of) {
        return Json.object(
                "name", of.name(), "startMicros", of.startMicros(), "micros", of.micros());
    }

    /** What would become of a request. */
    public static Map<String, @Nullable Object> foresight(Foresight of) {
        return Json.object(
                "virtualServer", of.virtualServer(),
                "listener", of.listener(),
                "steps",
                        of.steps().stream()
                                .map(
                                        each ->
                                                Json.object(
                                                        "what", each.what(),
                                                        "result", each.result(),
                                                        "detail", each.detail()))
                                .toList(),
                "pool", of.pool(),
                "candidates", of.candidates().stream().map(TrafficDocuments::node).toList(),
                "end", of.end().name().toLowerCase(Locale.ROOT),
                "text", of.text());
    }

    /** The figures that have a history. */
    public static Map<String, @Nullable Object> series(List<Series> series) {
        return Json.object(
                "series",
                series.stream()
                        .map(
                                each ->
                                        Json.object(
                                                "id", each.id(),
                                                "name", each.name(),
                                                "labels", each.labels(),
                                                "kind", each.kind().keyword(),
                                                "unit", each.unit(),
                                                "help", each.help()))
                        .toList());
    }

    /** Values of some series; the step in seconds. */
    public static Map<String, @Nullable Object> chart(Chart chart) {
        return Json.object(
                "from", chart.from(),
                "to", chart.to(),
                "step", chart.step().toSeconds(),
                "data", chart.lines().stream().map(TrafficDocuments::line).toList());
    }

    /** Figures of some series at one moment; null where there is none. */
    public static Map<String, @Nullable Object> present(History.Present present, List<String> ids) {
        List<Object> data = new ArrayList<>();
        for (String id : ids) {
            data.add(Json.object("id", id, "value", present.values().get(id)));
        }
        return Json.object("time", present.time(), "data", data);
    }

    private static Map<String, @Nullable Object> line(Chart.Line line) {
        List<@Nullable Double> values = new ArrayList<>();
        for (Double value : line.values()) {
            // JSON has no word for what is no number.
            values.add(value.isNaN() || value.isInfinite() ? null : value);
        }
        return Json.object("id", line.id(), "values", values);
    }

    /** Connections, and how many there are in all. */
    public static Map<String, @Nullable Object> connections(ConnectionList list) {
        return Json.object(
                "connections",
                list.connections().stream().map(TrafficDocuments::connection).toList(),
                "total",
                list.total(),
                "ended",
                list.ended());
    }

    private static Map<String, @Nullable Object> connection(ConnectionView of) {
        return Json.object(
                "id", of.id(),
                "kind", of.kind(),
                "state", of.state().letter(),
                "virtualServer", of.virtualServer(),
                "client", of.client(),
                "listener", of.listener(),
                "node", of.node(),
                "pool", of.pool(),
                "since", of.since(),
                "idleMillis", of.idleMillis(),
                "bytesIn", of.bytesIn(),
                "bytesOut", of.bytesOut(),
                "requests", of.requests(),
                "exchange", of.exchange(),
                "url", of.url(),
                "status", of.status() == 0 ? null : of.status(),
                "retries", of.retries(),
                "rule", of.rule());
    }
}
