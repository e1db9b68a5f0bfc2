package io.weir.runtime;

import io.weir.config.ServiceLevelConfig;
import io.weir.runtime.DataPlane.NodeServiceLevel;
import io.weir.runtime.DataPlane.ResponseTimes;
import io.weir.runtime.DataPlane.ServiceLevelStatus;
import io.weir.slm.Conformance;
import io.weir.slm.ServiceLevel;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Tells how a service level class does, in the words of {@link DataPlane}. Stateless. */
final class LevelReport {

    private static final double NANOS_PER_MILLI = 1e6;

    private LevelReport() {}

    static ServiceLevelStatus of(ServiceLevel level, long now) {
        ServiceLevelConfig config = level.config();
        Conformance lately = level.lately(now);
        long total = level.total();
        List<NodeServiceLevel> nodes =
                level.byNode(now).stream()
                        .map(LevelReport::node)
                        .sorted(
                                Comparator.comparing(NodeServiceLevel::pool)
                                        .thenComparing(NodeServiceLevel::node))
                        .toList();
        return new ServiceLevelStatus(
                level.name(),
                config.responseTime().toMillis(),
                config.warningThreshold(),
                config.seriousThreshold(),
                level.grade().name().toLowerCase(Locale.ROOT),
                lately.percent(),
                lately.total(),
                level.current(),
                total,
                Math.max(0, total - level.conforming()),
                times(level.lastSecond(now)),
                nodes);
    }

    private static NodeServiceLevel node(ServiceLevel.OfNode of) {
        return new NodeServiceLevel(
                of.node().poolName(),
                of.node().address().toString(),
                of.lately().percent(),
                of.lately().total(),
                of.total(),
                Math.max(0, of.total() - of.conforming()),
                times(of.lately()));
    }

    private static ResponseTimes times(Conformance of) {
        return new ResponseTimes(
                of.minNanos() / NANOS_PER_MILLI,
                of.meanNanos() / NANOS_PER_MILLI,
                of.maxNanos() / NANOS_PER_MILLI);
    }
}
