package io.weir.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Traffic on a pool in manual time: every exchange takes as long as its node is said to take. */
final class Simulation {

    private final World world;
    private final Pool pool;
    private final Map<String, Duration> delays = new HashMap<>();
    private final Map<String, Integer> begun = new HashMap<>();
    private Duration normal = Duration.ofMillis(10);
    private long total;
    private long ended;
    private long endedNanos;
    private boolean open;

    Simulation(World world, Pool pool) {
        this.world = world;
        this.pool = pool;
    }

    /** How long nodes take that are not named. */
    Simulation delay(Duration all) {
        normal = all;
        return this;
    }

    Simulation delay(String node, Duration delay) {
        delays.put(node, delay);
        return this;
    }

    /** Sends {@code perSecond} requests a second, evenly, for {@code length}. */
    Simulation rate(int perSecond, Duration length) {
        long step = 1_000_000_000L / perSecond;
        for (long at = 0; at < length.toNanos(); at += step) {
            world.time.at(Duration.ofNanos(at), () -> begin(false));
        }
        world.pass(length);
        return this;
    }

    /** Keeps {@code count} requests in flight for {@code length}. */
    Simulation inFlight(int count, Duration length) {
        open = true;
        for (int i = 0; i < count; i++) {
            begin(true);
        }
        world.pass(length);
        open = false;
        return this;
    }

    private void begin(boolean again) {
        Lease lease = World.lease(pool, new Request(total++));
        String node = lease.node().address().toString();
        begun.merge(node, 1, Integer::sum);
        // A little unevenness keeps the nodes from marching in step.
        Duration delay = delays.getOrDefault(node, normal);
        long nanos = (long) (delay.toNanos() * (0.9 + 0.2 * world.dice.nextDouble()));
        world.time.at(
                Duration.ofNanos(nanos),
                () -> {
                    lease.replied(200, nanos);
                    lease.close();
                    ended++;
                    endedNanos += nanos;
                    if (again && open) {
                        begin(true);
                    }
                });
    }

    /** The part of the requests since the last {@link #forget} that {@code node} got. */
    double share(String node) {
        int sum = begun.values().stream().mapToInt(Integer::intValue).sum();
        return begun.getOrDefault(node, 0) / (double) sum;
    }

    double meanMillis() {
        return endedNanos / 1e6 / ended;
    }

    /** Begins a new count. */
    Simulation forget() {
        begun.clear();
        ended = 0;
        endedNanos = 0;
        return this;
    }
}
