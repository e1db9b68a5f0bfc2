package io.weir.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What pools need to live: time, dice, names, events. Confined to one thread. */
final class World {

    final ManualTime time = new ManualTime();
    final RecordedEvents events = new RecordedEvents(time);
    final ScriptedNames names = new ScriptedNames();
    final Random dice = new Random(20260101);
    final Pools pools = new Pools(time, events, () -> dice, time, names);
    private Overlay overlay = Overlay.EMPTY;

    /** Puts a configuration with these pools in force; returns the first of them. */
    Pool apply(Settings... settings) {
        Map<String, PoolConfig> configs = new LinkedHashMap<>();
        for (Settings each : settings) {
            PoolConfig config = each.build();
            configs.put(config.name(), config);
        }
        return pools.apply(configs, overlay).values().iterator().next();
    }

    Pool pool(String name) {
        Pool pool = pools.live().get(name);
        if (pool == null) {
            throw new AssertionError("there is no pool " + name);
        }
        return pool;
    }

    /** Changes state or weight of a node in every pool (null leaves it). */
    void decide(String node, NodeConfig.@Nullable State state, @Nullable Integer weight) {
        decide(null, node, state, weight);
    }

    void decide(
            @Nullable String pool,
            String node,
            NodeConfig.@Nullable State state,
            @Nullable Integer weight) {
        overlay =
                overlay.with(
                        new OverlayEntry(
                                pool,
                                Settings.address(node),
                                state,
                                weight,
                                "ops",
                                "test",
                                time.now(),
                                null));
        pools.apply(overlay);
    }

    void undecide(String node) {
        overlay = overlay.without(null, Settings.address(node));
        pools.apply(overlay);
    }

    static PoolNode node(Pool pool, String address) {
        return pool.view().entries().stream()
                .map(PoolView.Entry::node)
                .filter(n -> n.address().equals(Settings.address(address)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no node " + address + " in " + pool.name()));
    }

    static Lease lease(Pool pool) {
        return lease(pool, new Request());
    }

    static Lease lease(Pool pool, Request request) {
        Choice choice = pool.choose(request, request);
        assertThat(choice).isInstanceOf(Lease.class);
        return (Lease) choice;
    }

    /** The address of the node that serves one whole exchange. */
    static String serve(Pool pool) {
        return serve(pool, new Request());
    }

    static String serve(Pool pool, Request request) {
        Lease lease = lease(pool, request);
        lease.replied(200, 1_000_000);
        lease.close();
        return lease.node().address().toString();
    }

    static NoNode none(Pool pool) {
        return none(pool, new Request());
    }

    static NoNode none(Pool pool, Request request) {
        Choice choice = pool.choose(request, request);
        assertThat(choice).isInstanceOf(NoNode.class);
        return (NoNode) choice;
    }

    /** How often each node serves in {@code rounds} exchanges that do not overlap. */
    static Map<String, Integer> serve(Pool pool, int rounds) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < rounds; i++) {
            counts.merge(serve(pool), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * An exchange on {@code node}, which must be open: those on other nodes end without a verdict.
     */
    static Lease leaseOf(Pool pool, String node) {
        for (int i = 0; i < 1000; i++) {
            Lease lease = lease(pool);
            if (lease.node().address().equals(Settings.address(node))) {
                return lease;
            }
            lease.close();
        }
        throw new AssertionError(node + " is never chosen");
    }

    /** Fails an exchange on {@code node}, which must be open. */
    static void fail(Pool pool, String node, NodeFailure why) {
        Lease lease = leaseOf(pool, node);
        lease.failed(why);
        lease.close();
    }

    static void condemn(Pool pool, String node) {
        for (int i = 0; i < pool.config().nodeConnectionAttempts(); i++) {
            fail(pool, node, NodeFailure.REFUSED);
        }
    }

    void pass(Duration time) {
        this.time.advance(time);
    }
}
