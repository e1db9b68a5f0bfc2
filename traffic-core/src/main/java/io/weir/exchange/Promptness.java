package io.weir.exchange;

import io.weir.slm.ServiceLevel;

import org.jspecify.annotations.Nullable;

/**
 * What one exchange is to the service level class it belongs to: counted once, when its answer
 * begins or when the client has given up waiting for it. Confined to one event loop.
 */
final class Promptness {

    private final Exchange x;
    private @Nullable ServiceLevel level;
    private boolean judged;

    Promptness(Exchange x) {
        this.x = x;
    }

    /** From now on the exchange belongs to {@code next}, or to no class; not once it was judged. */
    @Nullable ServiceLevel level() {
        return level;
    }

    void belongsTo(@Nullable ServiceLevel next) {
        if (judged) {
            return;
        }
        leave();
        level = next;
        if (next != null) {
            next.entered(x.context().index());
        }
    }

    /** The answer begins. */
    void answered() {
        ServiceLevel of = level;
        if (of != null && !judged) {
            judged = true;
            long now = x.context().nanos();
            long took = now - x.record().beginNanos();
            of.answered(x.context().index(), now, took, x.record().node());
        }
    }

    /** The exchange is over. */
    void ended() {
        ServiceLevel of = level;
        if (of != null && !judged) {
            long now = x.context().nanos();
            long took = now - x.record().beginNanos();
            of.abandoned(x.context().index(), now, took, x.record().node());
        }
        leave();
        judged = true;
    }

    private void leave() {
        ServiceLevel of = level;
        level = null;
        if (of != null) {
            of.left(x.context().index());
        }
    }
}
