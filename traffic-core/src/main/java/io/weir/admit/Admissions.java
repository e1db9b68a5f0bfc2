package io.weir.admit;

import io.weir.config.AdmissionConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The admissions in force, of virtual servers and of pools, and the events about them. Safe for
 * every thread.
 */
public final class Admissions {

    /** An overload is over when nobody was refused for so long. */
    private static final long OVER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Ticker ticker;
    private final EventBus events;
    private final Map<ObjectRef, Watched> all = new HashMap<>();

    /** An admission and what was said of it. */
    private static final class Watched {
        private final Admission admission;
        private boolean overloaded;
        private long since;
        private long lastRefusal;
        private long refusedBefore;
        private long seen;

        private Watched(Admission admission) {
            this.admission = admission;
        }
    }

    /** An admission in force. */
    public record Named(ObjectRef object, Admission admission, boolean overloaded) {}

    public Admissions(Ticker ticker, EventBus events) {
        this.ticker = ticker;
        this.events = events;
    }

    /**
     * Puts settings in force; objects that are not named, or whose admission is off, have none.
     *
     * @param wanted by virtual server or pool
     */
    public synchronized void configure(Map<ObjectRef, AdmissionConfig> wanted) {
        Set<ObjectRef> enabled = new HashSet<>();
        wanted.forEach(
                (object, config) -> {
                    if (config.enabled()) {
                        enabled.add(object);
                        Watched known = all.get(object);
                        if (known == null) {
                            all.put(object, new Watched(new Admission(config, ticker)));
                        } else {
                            known.admission.configure(config);
                        }
                    }
                });
        all.keySet().retainAll(enabled);
    }

    /** The admission of {@code object}; null for none. */
    public synchronized @Nullable Admission of(ObjectRef object) {
        Watched found = all.get(object);
        return found == null ? null : found.admission;
    }

    /** All of them, in the order of their names. */
    public synchronized List<Named> all() {
        List<Named> list = new ArrayList<>();
        all.forEach((object, w) -> list.add(new Named(object, w.admission, w.overloaded)));
        list.sort(java.util.Comparator.comparing(each -> each.object().toString()));
        return list;
    }

    /** Looks whether an overload has begun or ended; to be called about twice a second. */
    public synchronized void look() {
        long now = ticker.nanos();
        all.forEach((object, w) -> look(object, w, now));
    }

    private void look(ObjectRef object, Watched w, long now) {
        Admission.Figures f = w.admission.figures();
        long refused = f.refusedInAll();
        if (refused > w.seen) {
            w.lastRefusal = now;
            if (!w.overloaded) {
                w.overloaded = true;
                w.since = now;
                w.refusedBefore = w.seen;
                events.emit(
                        EventTag.OVERLOAD,
                        text(object)
                                + " lets in "
                                + f.limit()
                                + " requests at once and refuses others: answers take "
                                + millis(f.meanNanos())
                                + " ms, "
                                + millis(f.baseNanos())
                                + " ms without a crowd",
                        object);
            }
        } else if (w.overloaded && now - w.lastRefusal >= OVER_NANOS) {
            w.overloaded = false;
            events.emit(
                    EventTag.OVERLOADEND,
                    text(object)
                            + " refuses nobody any more; "
                            + (refused - w.refusedBefore)
                            + " requests were refused within "
                            + (1 + TimeUnit.NANOSECONDS.toSeconds(w.lastRefusal - w.since))
                            + " s",
                    object);
        }
        w.seen = refused;
    }

    private static String text(ObjectRef object) {
        String kind = object.section().equals("pools") ? "pool " : "virtual server ";
        return kind + object.name();
    }

    private static String millis(long nanos) {
        return nanos < 10_000_000
                ? String.valueOf(Math.round(nanos / 100_000.0) / 10.0)
                : String.valueOf(nanos / 1_000_000);
    }
}
