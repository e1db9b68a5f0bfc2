package io.weir.cert;

import io.weir.cert.Watched.Kind;
import io.weir.event.EventBus;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Raises events before certificates expire: at 30, 7 and 1 days, and when it has happened. Each is
 * raised once per certificate, whoever uses it; a certificate that is close to its end when it is
 * first seen has only the event that fits. A restart tells again. Safe for every thread.
 */
public final class ExpiryWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWatch.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

    private static final List<Stage> STAGES =
            List.of(
                    new Stage(Duration.ZERO),
                    new Stage(Duration.ofDays(1)),
                    new Stage(Duration.ofDays(7)),
                    new Stage(Duration.ofDays(30)));

    private final EventBus events;
    private final Ticker ticker;
    private final Supplier<? extends Collection<Watched>> watched;

    /** The last stage that was told of, by what is watched; guarded by this. */
    private Map<String, Stage> told = new HashMap<>();

    private volatile List<Watched> expired = List.of();

    /**
     * @param watched everything that is in use now; asked at each look, on its thread
     */
    public ExpiryWatch(
            EventBus events, Ticker ticker, Supplier<? extends Collection<Watched>> watched) {
        this.events = events;
        this.ticker = ticker;
        this.watched = watched;
    }

    /** How close the end is. */
    private record Stage(Duration left) {}

    /** Looks now and then every few minutes, until the result is cancelled. */
    public ScheduledFuture<?> start(ScheduledExecutorService executor) {
        return executor.scheduleWithFixedDelay(
                this::lookAgain, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            // Thrown on, it would end all later looks.
            LOG.error("looking at the ends of certificates failed", e);
        }
    }

    /** Looks now; worth while after a change. */
    public synchronized void look() {
        Instant now = ticker.now();
        Map<String, Stage> still = new HashMap<>();
        List<Watched> over = new ArrayList<>();
        for (Watched each : merged(watched.get())) {
            // Files of authorities often have old ones that nobody needs.
            if (each.kind() != Kind.AUTHORITY && !now.isBefore(each.notAfter())) {
                over.add(each);
            }
            Stage before = told.get(each.id());
            Stage stage = stage(each, now);
            if (stage != null && (before == null || stage.left.compareTo(before.left) < 0)) {
                tell(each, stage, now);
                still.put(each.id(), stage);
            } else if (before != null) {
                still.put(each.id(), before);
            }
        }
        // What is not used any more is forgotten, so that the map stays as small as the list.
        told = still;
        expired = List.copyOf(over);
    }

    /** What had expired at the last look; authorities are left out. */
    public List<Watched> expired() {
        return expired;
    }

    private static @Nullable Stage stage(Watched each, Instant now) {
        for (Stage stage : STAGES) {
            boolean warns = !stage.left.isZero();
            if (!now.plus(stage.left).isBefore(each.notAfter())
                    && !(warns && each.kind() == Kind.REVOCATION_LIST)) {
                return stage;
            }
        }
        return null;
    }

    private void tell(Watched each, Stage stage, Instant now) {
        ObjectRef[] users = each.users().toArray(ObjectRef[]::new);
        if (stage.left.isZero()) {
            events.emit(each.kind().expired, each.what() + " expired at " + each.notAfter(), users);
        } else {
            Duration left = Duration.between(now, each.notAfter());
            String in = left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " hours";
            events.emit(
                    each.kind().soon,
                    each.what() + " expires at " + each.notAfter() + ", in " + in,
                    users);
        }
    }

    /** One of each, with everybody who uses it. */
    private static Collection<Watched> merged(Collection<Watched> all) {
        Map<String, Watched> merged = new LinkedHashMap<>();
        for (Watched each : all) {
            merged.merge(each.id(), each, ExpiryWatch::join);
        }
        return merged.values();
    }

    private static Watched join(Watched one, Watched other) {
        Set<ObjectRef> users = new LinkedHashSet<>(one.users());
        users.addAll(other.users());
        return new Watched(one.kind(), one.id(), one.what(), one.notAfter(), List.copyOf(users));
    }
}
