package io.weir.runtime;

import io.weir.pool.Admin;
import io.weir.pool.Health;
import io.weir.pool.NodeStatus;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView;
import io.weir.runtime.DataPlane.NodeView;
import io.weir.runtime.DataPlane.PoolStatus;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells how a pool does, in the words of {@link DataPlane}. Stateless. */
final class PoolReport {

    private PoolReport() {}

    static PoolStatus of(Pool pool, long now) {
        PoolView view = pool.view();
        List<NodeView> nodes = view.entries().stream().map(e -> node(e, now)).toList();
        return new PoolStatus(
                pool.name(),
                view.config().algorithm(),
                view.alive(),
                pool.queued(),
                view.config().failurePool(),
                pool.breaker(),
                view.deadSince(),
                nodes);
    }

    private static NodeView node(PoolView.Entry entry, long now) {
        PoolNode node = entry.node();
        NodeStatus status = node.status();
        Health health = status.health();
        return new NodeView(
                node.address().toString(),
                status.admin() == Admin.HELD
                        ? "draining"
                        : status.admin().name().toLowerCase(Locale.ROOT),
                switch (health) {
                    case Health.Up up -> "up";
                    case Health.Unchecked unchecked -> "unchecked";
                    case Health.Down down -> "down";
                },
                health instanceof Health.Down down ? down.cause() : null,
                entry.ejected() && health instanceof Health.Down,
                entry.weight(),
                entry.priority(),
                node.inFlight(),
                node.connections(),
                node.idleConnections(),
                node.connectionsOpened(),
                node.requests(),
                node.failures(),
                node.bytesIn(),
                node.bytesOut(),
                node.used() ? TimeUnit.NANOSECONDS.toSeconds(now - node.lastUsedNanos()) : -1,
                entry.decision(),
                node.recent().read(),
                health instanceof Health.Down down ? down.since() : null);
    }
}
