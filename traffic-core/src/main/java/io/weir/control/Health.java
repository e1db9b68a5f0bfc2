package io.weir.control;

import java.util.List;

/**
 * How Weir itself is. A Weir that answers at all is alive.
 *
 * @param ready whether it takes traffic: every listener is bound and it is not stopping
 * @param reasons what keeps it from being ready, then what is worse than it should be; empty when
 *     all is well
 */
public record Health(boolean ready, List<String> reasons) {

    public Health {
        reasons = List.copyOf(reasons);
    }

    /** Whether something is worse than it should be. */
    public boolean degraded() {
        return !reasons.isEmpty();
    }
}
