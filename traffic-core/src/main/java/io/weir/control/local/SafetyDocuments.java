package io.weir.control.local;

import io.weir.config.NodeLease;
import io.weir.control.Safety;
import io.weir.control.store.Json;
import io.weir.runtime.NodeUse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether it is safe to take a node, as plain documents; see {@link Documents}. */
public final class SafetyDocuments {

    private SafetyDocuments() {}

    /** The answer with its reasons. */
    public static Map<String, @Nullable Object> safety(Safety safety) {
        List<Object> reasons = new ArrayList<>();
        for (Safety.Reason reason : safety.reasons()) {
            reasons.add(
                    Json.object(
                            "kind", reason.kind().keyword(),
                            "weight", reason.weight().keyword(),
                            "object", reason.object().isEmpty() ? null : reason.object(),
                            "count", reason.count(),
                            "ends-millis", millis(reason.ends()),
                            "text", reason.text()));
        }
        List<Object> pools = new ArrayList<>();
        for (NodeUse.InPool in : safety.use().pools()) {
            pools.add(
                    Json.object(
                            "pool", in.pool(),
                            "state", in.state(),
                            "in-flight", in.inFlight(),
                            "connections", in.connections(),
                            "last-used-seconds", used(in.lastUsedSeconds()),
                            "other-usable-nodes", in.others(),
                            "min-nodes", in.minNodes()));
        }
        NodeLease lease = safety.lease();
        return Json.object(
                "node", safety.node(),
                "safe", safety.verdict().keyword(),
                "estimate-millis", millis(safety.estimate()),
                "reasons", reasons,
                "in-flight", safety.use().inFlight(),
                "connections", safety.use().connections(),
                "last-used-seconds", used(safety.use().lastUsedSeconds()),
                "lease", lease == null ? null : lease(lease),
                "pools", pools);
    }

    /** A lease of a node. */
    static Map<String, @Nullable Object> lease(NodeLease lease) {
        return Json.object(
                "node", lease.node(),
                "owner", lease.owner(),
                "reason", lease.reason(),
                "since", lease.since(),
                "expires", lease.expires());
    }

    private static @Nullable Long millis(@Nullable Duration time) {
        return time == null ? null : time.toMillis();
    }

    private static @Nullable Long used(long seconds) {
        return seconds < 0 ? null : seconds;
    }
}
