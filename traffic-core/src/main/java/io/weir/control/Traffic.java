package io.weir.control;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.Nearest;
import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.Foresight;
import io.weir.explain.KeptExchange;
import io.weir.explain.KeptExchanges;
import io.weir.explain.KeptQuery;
import io.weir.explain.RequestQuestion;
import io.weir.history.Chart;
import io.weir.history.History;
import io.weir.history.Series;
import io.weir.rule.RuleEngine;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What can be seen of the traffic: kept exchanges, connections and the history of figures. Safe for
 * every thread but an event loop; looking changes nothing.
 */
public final class Traffic {

    private final DataPlane plane;
    private final Supplier<WeirConfig> config;
    private final Supplier<Overlay> overlay;
    private @Nullable RuleEngine engine;
    private volatile @Nullable History history;

    Traffic(DataPlane plane, Supplier<WeirConfig> config, Supplier<Overlay> overlay) {
        this.overlay = overlay;
        this.plane = plane;
        this.config = config;
    }

    /**
     * The kept exchanges that fit, the newest first.
     *
     * @throws RefusedException when there is no such virtual server, or the exchange that the list
     *     is to go on behind is not kept any more
     */
    public KeptExchanges.Page exchanges(KeptQuery query) throws RefusedException {
        mustExist(query.virtualServer());
        String before = query.before();
        if (before != null) {
            var _ = exchange(before);
        }
        return plane.kept().find(query);
    }

    /**
     * A kept exchange.
     *
     * @throws RefusedException when there is none with this id, or not any more
     */
    public KeptExchange exchange(String id) throws RefusedException {
        KeptExchange found = plane.kept().get(id);
        if (found == null) {
            throw new RefusedException(new ControlProblem.NotFound("kept exchange", id, "", null));
        }
        return found;
    }

    /** The latest exchange that was kept because it failed; null when there is none. */
    public @Nullable KeptExchange lastError() {
        return plane.kept().lastError();
    }

    /**
     * The client connections that are open now.
     *
     * @throws RefusedException when there is no such virtual server
     */
    public ConnectionList connections(ConnectionQuery query) throws RefusedException {
        mustExist(query.virtualServer());
        return plane.connections(query);
    }

    /**
     * What would become of a request with what is in force and seen now; see {@link Foreseer}.
     *
     * @throws RefusedException when the question names a virtual server that is not there
     */
    public Foresight foresee(RequestQuestion question) throws RefusedException {
        return Foreseer.of(question, config.get(), overlay.get(), plane.status(), this::engine);
    }

    /** Loading its classes takes a while, so it is found once. */
    private synchronized @Nullable RuleEngine engine() {
        if (engine == null) {
            engine = RuleEngine.find();
        }
        return engine;
    }

    /** Says once, at the start, where the history of figures is. */
    public void provide(@Nullable History provided) {
        history = provided;
    }

    /** The figures that have a history; none when there is no history. */
    public List<Series> series() {
        History kept = history;
        return kept == null ? List.of() : kept.series();
    }

    /**
     * Figures of some series at this moment; see {@link History#now}.
     *
     * @throws RefusedException when there is no such series
     */
    public History.Present now(List<String> ids) throws RefusedException {
        return kept(ids).now(ids);
    }

    /**
     * Values of some series; see {@link History#read}.
     *
     * @throws RefusedException when there is no such series, or the files cannot be read
     */
    public Chart chart(List<String> ids, @Nullable Instant from, @Nullable Instant to, int points)
            throws RefusedException {
        History kept = kept(ids);
        try {
            return kept.read(ids, from, to, points);
        } catch (IOException e) {
            throw new RefusedException(
                    new ControlProblem.Unavailable("the history cannot be read: " + e.getMessage()),
                    e);
        }
    }

    /** The history, which has these series. */
    private History kept(List<String> ids) throws RefusedException {
        History kept = history;
        if (kept == null) {
            throw new RefusedException(
                    new ControlProblem.Unavailable(
                            "there is no history; see global.history of the configuration"));
        }
        List<String> unknown = kept.unknown(ids);
        if (!unknown.isEmpty()) {
            throw new RefusedException(
                    new ControlProblem.NotFound("series", unknown.getFirst(), "", null));
        }
        return kept;
    }

    private void mustExist(@Nullable String server) throws RefusedException {
        Set<String> known = config.get().virtualServers().keySet();
        if (server != null && !known.contains(server)) {
            throw new RefusedException(
                    new ControlProblem.NotFound(
                            "virtual server", server, "", Nearest.to(server, known)));
        }
    }
}
