package io.weir.runtime;

import io.weir.persist.PersistenceClass;
import io.weir.persist.SessionTable;
import io.weir.persist.Verdict;
import io.weir.runtime.DataPlane.NodeSessions;
import io.weir.runtime.DataPlane.PersistenceStatus;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tells how a persistence class does, in the words of {@link DataPlane}. Stateless. */
final class PersistenceReport {

    private PersistenceReport() {}

    static PersistenceStatus of(PersistenceClass of, long now) {
        SessionTable table = of.table();
        boolean remembered = of.config().type().remembered();
        List<NodeSessions> nodes =
                table.byNode(now).stream()
                        .map(
                                n ->
                                        new NodeSessions(
                                                n.node().toString(),
                                                n.sessions(),
                                                TimeUnit.NANOSECONDS.toSeconds(
                                                        Math.max(0, now - n.lastUsedNanos()))))
                        .sorted(Comparator.comparing(NodeSessions::node))
                        .toList();
        return new PersistenceStatus(
                of.name(),
                of.config().type().keyword(),
                remembered ? table.size(now) : -1,
                remembered ? of.config().maxEntries() : -1,
                table.evicted(),
                of.count(Verdict.HIT),
                of.count(Verdict.MISS),
                of.count(Verdict.NEW),
                of.count(Verdict.FAILED),
                nodes);
    }
}
