package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.control.RefusedException;
import io.weir.control.Traffic;
import io.weir.control.TrafficQueries;
import io.weir.control.local.TrafficDocuments;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Kept exchanges and connections. Safe for every thread. */
final class TrafficApi {

    private static final int MOST = 10_000;
    private static final int MOST_LINES = 100;

    private static final Set<String> QUESTION_MEMBERS =
            Set.of("request", "headers", "client", "virtual-server");

    private static final String QUESTION =
            """
            {"type":"object","required":["request"],"properties":{
            "request":{"type":"string","description":"such as GET http://a.example/path"},
            "headers":{"type":"array","items":{"type":"string"},"description":"lines such as Accept: text/html"},
            "client":{"type":"string","description":"the IP address that it would come from"},
            "virtual-server":{"type":"string","description":"without it the one at the port"}}}
            """;

    private final Traffic traffic;

    TrafficApi(Traffic traffic) {
        this.traffic = traffic;
    }

    List<Operation> operations() {
        List<Operation> list = new ArrayList<>();
        list.add(
                Operation.get(
                                "listExchanges",
                                "/v1/exchanges",
                                "exchanges",
                                "Finished exchanges that were kept, the newest first",
                                this::exchanges)
                        .taking(
                                "virtual-server",
                                "only those of this virtual server",
                                "node",
                                "only those that tried this node, host:port",
                                "kept",
                                "only those kept for this reason: error, slow or sampled",
                                "min-status",
                                "only those with this status or a higher one, or with none",
                                "max",
                                "how many at most; 50 unless said",
                                "before",
                                "go on behind this id, as next of the page before says"));
        list.add(
                Operation.get(
                        "getExchange",
                        "/v1/exchanges/{id}",
                        "exchanges",
                        "Everything that was decided about a kept exchange, and how long it took",
                        r ->
                                Answers.document(
                                        200,
                                        TrafficDocuments.exchange(
                                                traffic.exchange(r.part("id"))))));
        list.add(
                Operation.get(
                                "listConnections",
                                "/v1/connections",
                                "connections",
                                "The client connections that are open now, and exchanges that have"
                                        + " just ended",
                                this::connections)
                        .taking(
                                "virtual-server",
                                "only those of this virtual server",
                                "node",
                                "only those whose exchange is on this node, host:port",
                                "client",
                                "only those of this IP address",
                                "state",
                                "only those in this state: R, X, c, w, r, W, C, K or E",
                                "max",
                                "how many at most of each, open and ended; 500 unless said",
                                "ended",
                                "true for exchanges of the last minute, too"));
        list.add(
                Operation.get(
                        "listSeries",
                        "/v1/series",
                        "series",
                        "The figures that have a history",
                        r -> Answers.document(200, TrafficDocuments.series(traffic.series()))));
        list.add(
                Operation.get(
                                "getSeries",
                                "/v1/series/data",
                                "series",
                                "Values of some series; counters as rates per second",
                                this::chart)
                        .taking(
                                "id",
                                "of a series; may be there several times",
                                "from",
                                "time as in 2026-01-31T12:00:00Z; an hour before to unless said",
                                "to",
                                "time; now unless said",
                                "points",
                                "about how many values, up to 10000; 300 unless said"));
        list.add(
                Operation.get(
                                "getSeriesNow",
                                "/v1/series/now",
                                "series",
                                "Some series at this moment; counters as they stand",
                                this::present)
                        .taking("id", "of a series; may be there several times"));
        list.add(
                new Operation(
                        "foresee",
                        "POST",
                        "/v1/explain",
                        "exchanges",
                        Permission.READ,
                        "What would become of a request that is not sent",
                        List.of(),
                        QUESTION,
                        200,
                        this::foresee));
        return list;
    }

    private AdminResponse foresee(Request request) throws BadRequestException, RefusedException {
        Fields fields = Fields.of(request.object(), QUESTION_MEMBERS);
        return Answers.document(
                200,
                TrafficDocuments.foresight(
                        traffic.foresee(
                                TrafficQueries.question(
                                        fields.needed("request"),
                                        fields.texts("headers"),
                                        fields.text("client"),
                                        fields.text("virtual-server")))));
    }

    private AdminResponse exchanges(Request request) throws BadRequestException, RefusedException {
        return Answers.document(
                200,
                TrafficDocuments.page(
                        traffic.exchanges(
                                TrafficQueries.kept(
                                        request.parameter("virtual-server"),
                                        request.parameter("node"),
                                        request.parameter("kept"),
                                        request.number("min-status", 0, 999),
                                        request.number("max", 50, MOST),
                                        request.parameter("before")))));
    }

    private AdminResponse present(Request request) throws BadRequestException, RefusedException {
        List<String> ids = ids(request);
        return Answers.document(200, TrafficDocuments.present(traffic.now(ids), ids));
    }

    private static List<String> ids(Request request) throws BadRequestException {
        List<String> ids = request.parameters("id");
        if (ids.isEmpty() || ids.size() > MOST_LINES) {
            throw new BadRequestException(
                    "the parameter id is there "
                            + ids.size()
                            + " times, expected 1 to "
                            + MOST_LINES
                            + " times");
        }
        return ids;
    }

    private AdminResponse chart(Request request) throws BadRequestException, RefusedException {
        List<String> ids = ids(request);
        return Answers.document(
                200,
                TrafficDocuments.chart(
                        traffic.chart(
                                ids,
                                time(request, "from"),
                                time(request, "to"),
                                Math.max(1, request.number("points", 300, MOST)))));
    }

    private static @Nullable Instant time(Request request, String name) throws BadRequestException {
        String text = request.parameter(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new BadRequestException(
                    "the parameter "
                            + name
                            + " is '"
                            + text
                            + "', expected a time as in 2026-01-31T12:00:00Z");
        }
    }

    private AdminResponse connections(Request request)
            throws BadRequestException, RefusedException {
        return Answers.document(
                200,
                TrafficDocuments.connections(
                        traffic.connections(
                                TrafficQueries.connections(
                                        request.parameter("virtual-server"),
                                        request.parameter("node"),
                                        request.parameter("client"),
                                        request.parameter("state"),
                                        request.number("max", 500, MOST),
                                        request.flag("ended")))));
    }
}
