package io.weir.control;

import java.util.List;

/**
 * How Weir itself is. A Weir that answers at all is alive.
 *
 * @param ready whether it takes traffic: every listener is bound and it is not stopping
 * @param causes what keeps it from being ready, then what else is worse than it should be; empty
 *     when all is well
 */
public record Health(boolean ready, List<Cause> causes) {

    public Health {
        causes = List.copyOf(causes);
    }

    /** The causes in words. */
    public List<String> reasons() {
        return causes.stream().map(Cause::text).toList();
    }

    /** Whether something is worse than it should be. */
    public boolean degraded() {
        return !causes.isEmpty();
    }
}
