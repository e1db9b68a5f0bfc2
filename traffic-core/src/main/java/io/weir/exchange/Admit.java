package io.weir.exchange;

import io.weir.admit.Admission;
import io.weir.config.Priority;
import io.weir.fault.TrafficFault;

import org.jspecify.annotations.Nullable;

/**
 * Refuses requests at the door when more come than can be served: for what the process may use up,
 * and for what the virtual server can answer in good time.
 */
final class Admit implements Step {

    private final @Nullable Admission admission;

    /**
     * @param admission of the virtual server; null for none
     */
    Admit(@Nullable Admission admission) {
        this.admission = admission;
    }

    @Override
    public Next run(Exchange x) {
        Priority priority = x.server().config().priority();
        String strain = x.context().strain().refuses(priority);
        if (strain != null) {
            return refuse(x, strain);
        }
        Admission of = admission;
        return of == null || x.places().take(of)
                ? Next.CONTINUE
                : refuse(x, "virtual server " + x.server().name() + " has no room");
    }

    static Next refuse(Exchange x, String why) {
        long seconds = Math.max(1, x.server().config().busyRetryAfter().toSeconds());
        return new Next.Fail(
                new TrafficFault.Shed(
                        "under overload: " + why, (int) Math.min(seconds, Integer.MAX_VALUE)));
    }
}
