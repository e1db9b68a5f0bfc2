package io.weir.pool;

import static io.weir.config.NodeConfig.State.DISABLED;
import static io.weir.config.NodeConfig.State.DRAINING;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.PoolConfig;
import io.weir.time.Ticker;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What survives a change of the configuration and what does not. */
class ReloadTest {

    private static final String A = "10.0.0.1:80";
    private static final String B = "10.0.0.2:80";

    private final World world = new World();

    @Test
    void poolsNodesCountsAndHealthSurvive() {
        Pool pool = world.apply(Settings.web(A, B).monitors("m"));
        PoolNode node = World.node(pool, A);
        World.serve(pool, 10);
        Lease open = World.lease(pool);
        pool.monitorResult(Settings.address(B), "m", false, "refused");

        Pool after = world.apply(Settings.web(A, B).monitors("m").algorithm("random"));

        assertThat(after).isSameAs(pool);
        assertThat(World.node(after, A)).isSameAs(node);
        assertThat(node.requests() + World.node(after, B).requests()).isEqualTo(11);
        assertThat(open.node().inFlight()).isEqualTo(1);
        assertThat(World.serve(pool, 20)).containsOnlyKeys(A);
        assertThat(after.config().algorithm()).isEqualTo("random");
        assertThat(open.config().algorithm()).isEqualTo("round-robin");
    }

    @Test
    void fiftyReloadsDoNotDisturbExchanges() {
        Pool pool = world.apply(Settings.web(A, B));
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            leases.add(World.lease(pool));
            world.apply(Settings.web(A, B).algorithm(i % 2 == 0 ? "random" : "round-robin"));
        }
        leases.forEach(Lease::close);

        assertThat(World.node(pool, A).inFlight()).isZero();
        assertThat(World.node(pool, B).inFlight()).isZero();
        assertThat(world.events.take()).isEmpty();
    }

    @Test
    void aRemovedNodeGetsNothingNewAndWhatRunsOnItMayEnd() {
        Pool pool = world.apply(Settings.web(A, B));
        PoolNode gone = World.node(pool, A);
        AtomicInteger cut = new AtomicInteger();
        gone.onDeath(cut::incrementAndGet);
        AtomicInteger idle = new AtomicInteger();
        gone.onIdleUnwanted(most -> idle.incrementAndGet());
        Lease open = World.lease(pool, new Request().pinnedTo(gone));

        world.apply(Settings.web(B));

        assertThat(cut).hasValue(0);
        assertThat(idle.get()).isPositive();
        assertThat(World.serve(pool, 10)).containsOnlyKeys(B);
        assertThat(World.serve(pool, new Request().pinnedTo(gone))).isEqualTo(B);
        assertThat(gone.tryKeepIdle(50)).isFalse();
        open.close();
        assertThat(gone.inFlight()).isZero();
    }

    @Test
    void aRemovedNodeMayDrainFirst() {
        Pool pool = world.apply(Settings.web(A, B).drainRemoved(Duration.ZERO));
        PoolNode gone = World.node(pool, A);
        AtomicInteger cut = new AtomicInteger();
        gone.onDeath(cut::incrementAndGet);
        Lease open = World.lease(pool, new Request().pinnedTo(gone));

        world.apply(Settings.web(B).drainRemoved(Duration.ZERO));

        assertThat(cut).hasValue(0);
        assertThat(gone.tryKeepIdle(50)).isFalse();
        assertThat(World.serve(pool, 10)).containsOnlyKeys(B);
        assertThat(World.serve(pool, new Request().pinnedTo(gone))).isEqualTo(B);
        assertThat(pool.view().entries()).anyMatch(e -> e.leaving() && e.node() == gone);
        world.pass(Duration.ofDays(1));
        assertThat(cut).hasValue(0);

        open.close();
        assertThat(cut).hasValue(0);
        assertThat(pool.view().entries()).noneMatch(e -> e.node() == gone);
        assertThat(world.events.take()).containsExactly("nodedrained " + A);
    }

    @Test
    void theDrainOfARemovedNodeEndsWithItsTimeOut() {
        Pool pool = world.apply(Settings.web(A, B).drainRemoved(Duration.ofSeconds(30)));
        PoolNode gone = World.node(pool, A);
        AtomicInteger cut = new AtomicInteger();
        gone.onDeath(cut::incrementAndGet);
        Lease open = World.lease(pool, new Request().pinnedTo(gone));
        world.apply(Settings.web(B).drainRemoved(Duration.ofSeconds(30)));
        world.pass(Duration.ofMillis(29_999));
        assertThat(cut).hasValue(0);

        world.pass(Duration.ofMillis(1));

        assertThat(cut).hasValue(1);
        assertThat(pool.view().entries()).hasSize(1);
        open.close();
        assertThat(cut).hasValue(1);
    }

    @Test
    void aNodeThatComesBackWhileItDrainsIsTheSameNode() {
        Pool pool = world.apply(Settings.web(A, B).drainRemoved(Duration.ofSeconds(30)));
        PoolNode node = World.node(pool, A);
        AtomicInteger cut = new AtomicInteger();
        node.onDeath(cut::incrementAndGet);
        Lease open = World.lease(pool, new Request().pinnedTo(node));
        world.apply(Settings.web(B).drainRemoved(Duration.ofSeconds(30)));

        world.apply(Settings.web(A, B).drainRemoved(Duration.ofSeconds(30)));
        world.pass(Duration.ofMinutes(2));

        assertThat(World.node(pool, A)).isSameAs(node);
        assertThat(cut).hasValue(0);
        assertThat(node.tryKeepIdle(50)).isTrue();
        assertThat(World.serve(pool, 100)).containsEntry(A, 50);
        open.close();
    }

    @Test
    void theTimeToDrainBeginsAnewWithEachRemoval() {
        Duration minute = Duration.ofMinutes(1);
        Pool pool = world.apply(Settings.web(A, B).drainRemoved(minute));
        PoolNode node = World.node(pool, A);
        AtomicInteger cut = new AtomicInteger();
        node.onDeath(cut::incrementAndGet);
        World.lease(pool, new Request().pinnedTo(node));
        world.apply(Settings.web(B).drainRemoved(minute));
        world.pass(Duration.ofSeconds(10));
        world.apply(Settings.web(A, B).drainRemoved(minute));
        world.pass(Duration.ofSeconds(20));

        world.apply(Settings.web(B).drainRemoved(minute));
        world.pass(Duration.ofMillis(59_999));
        assertThat(cut).hasValue(0);
        world.pass(Duration.ofMillis(1));

        assertThat(cut).hasValue(1);
    }

    @Test
    void theSameNodeInAnotherPoolIsNotTouched() {
        world.apply(Settings.of("one").node(A).node(B), Settings.of("two").node(A));
        AtomicInteger cut = new AtomicInteger();
        World.node(world.pool("two"), A).onDeath(cut::incrementAndGet);

        world.apply(Settings.of("one").node(B), Settings.of("two").node(A));

        assertThat(cut).hasValue(0);
        assertThat(World.serve(world.pool("two"))).isEqualTo(A);
    }

    @Test
    void whoKnowsARemovedPoolMayGoOnUsingItWithoutKeepingConnections() {
        world.apply(Settings.web(A), Settings.of("old").node(B));
        Pool old = world.pool("old");
        PoolNode node = World.node(old, B);
        AtomicInteger cut = new AtomicInteger();
        node.onDeath(cut::incrementAndGet);

        world.apply(Settings.web(A));

        assertThat(world.pools.live()).containsOnlyKeys("web");
        assertThat(World.serve(old)).isEqualTo(B);
        assertThat(cut).hasValue(0);
        assertThat(node.tryKeepIdle(50)).isFalse();
    }

    @Test
    void whatRunsOnNodesThatPoolsHaveNoMoreIsCountedAndItsLastUseRemembered() {
        world.apply(Settings.web(A, B), Settings.of("old").node(B));
        Lease removed = World.leaseOf(world.pool("web"), A);
        Lease closed = World.lease(world.pool("old"));
        world.apply(Settings.web(A, B));
        world.apply(Settings.web(B));
        assertThat(world.pools.departed(Settings.address(A))).isEqualTo(Map.of("web", 1));
        assertThat(world.pools.departed(Settings.address(B))).isEqualTo(Map.of("old", 1));

        world.pass(Duration.ofSeconds(7));
        removed.close();
        long end = world.time.nanos();
        world.apply(Settings.web(A, B));
        world.pass(Duration.ofHours(1));
        closed.close();

        assertThat(world.pools.departed(Settings.address(A))).isEmpty();
        assertThat(world.pools.departedLastUsedNanos(Settings.address(A))).isEqualTo(end);
        assertThat(world.pools.departed(Settings.address(B))).isEmpty();
        assertThat(world.pools.departedLastUsedNanos(Settings.address(B)))
                .isEqualTo(world.time.nanos());
        assertThat(world.pools.departedLastUsedNanos(Settings.address("10.0.0.3:80"))).isNull();
    }

    @Test
    void whatIsDecidedOfANodeHoldsInARemovedPoolForThoseWhoKnowIt() {
        world.names.found("app", "10.0.0.9");
        world.apply(Settings.web(A), Settings.of("old").node(A).node(B).node("app:80"));
        Pool old = world.pool("old");
        world.apply(Settings.web(A));
        world.events.take();

        world.decide(A, DRAINING, null);
        assertThat(World.serve(old, 10)).containsOnlyKeys(B, "app:80");
        world.decide(B, DISABLED, null);
        assertThat(World.serve(old, 10)).containsOnlyKeys("app:80");
        assertThat(world.events.take())
                .as("of the pool that is live")
                .noneMatch(e -> e.contains(B));
        assertThat(World.node(old, "app:80").tryKeepIdle(50)).isFalse();
    }

    @Test
    void aLeaseHoldsInARemovedPoolWheneverThatWasRemoved() {
        world.apply(Settings.web(A), Settings.of("old").node(A).node(B));
        Pool old = world.pool("old");
        world.apply(Settings.web(A));
        NodeLease lease =
                new NodeLease(
                        Settings.address(A),
                        "ops",
                        "",
                        world.time.now(),
                        world.time.now().plusSeconds(60));

        apply(Overlay.EMPTY.with(lease), Settings.web(A));

        assertThat(World.serve(old, new Request().pinnedTo(World.node(old, A)))).isEqualTo(B);
        assertThat(World.serve(old, 10)).containsOnlyKeys(B);
    }

    @Test
    void whatEntersARemovedPoolIsCounted() {
        world.apply(Settings.web(A), Settings.of("old").node(B));
        Pool old = world.pool("old");
        world.apply(Settings.web(A));
        assertThat(world.pools.departed(Settings.address(B))).isEmpty();

        Lease late = World.lease(old);
        assertThat(world.pools.departed(Settings.address(B))).isEqualTo(Map.of("old", 1));
        late.close();

        assertThat(world.pools.departed(Settings.address(B))).isEmpty();
        assertThat(world.pools.departedLastUsedNanos(Settings.address(B)))
                .isEqualTo(world.time.nanos());
    }

    @Test
    void theOverlayHoldsFromTheFirstMoment() {
        Overlay overlay = Overlay.EMPTY.with(entry(null, A, world.time.now().plusSeconds(60)));

        Pool pool = apply(overlay, Settings.web(A, B));

        assertThat(World.serve(pool, 10)).containsOnlyKeys(B);
        PoolView.Entry entry = pool.view().entries().getFirst();
        assertThat(entry.status().admin()).isEqualTo(Admin.DRAINING);
        assertThat(entry.decision()).isEqualTo("ops: moving it");
        assertThat(world.events.take()).as("that is no news").isEmpty();
    }

    @Test
    void expiredDecisionsAreLeftOut() {
        Overlay overlay = Overlay.EMPTY.with(entry(null, A, world.time.now()));

        Pool pool = apply(overlay, Settings.web(A, B));

        assertThat(World.serve(pool, 10)).containsOnlyKeys(A, B);
        assertThat(pool.view().entries()).allMatch(e -> e.decision() == null);
    }

    @Test
    void theDecisionForThePoolGoesBeforeTheOneForAllPools() {
        Overlay overlay =
                Overlay.EMPTY
                        .with(entry(null, A, null))
                        .with(
                                new OverlayEntry(
                                        "web",
                                        Settings.address(A),
                                        io.weir.config.NodeConfig.State.ACTIVE,
                                        7,
                                        "boss",
                                        "",
                                        world.time.now(),
                                        null));

        Pool pool = apply(overlay, Settings.web(A, B));

        PoolView.Entry entry = pool.view().entries().getFirst();
        assertThat(entry.status().admin()).isEqualTo(Admin.ACTIVE);
        assertThat(entry.weight()).isEqualTo(7);
        assertThat(entry.decision()).isEqualTo("boss");
    }

    @Test
    void theConfiguredStateHoldsWhereTheOverlaySaysNothing() {
        Pool pool = world.apply(Settings.web().node(A, DISABLED, 1, 1).node(B, DRAINING, 1, 1));

        assertThat(pool.view().entries())
                .extracting(e -> e.status().admin())
                .containsExactly(Admin.DISABLED, Admin.DRAINING);
        world.decide(A, io.weir.config.NodeConfig.State.ACTIVE, null);
        assertThat(World.serve(pool)).isEqualTo(A);
    }

    @Test
    void monitorsThatWereTakenOffAreForgotten() {
        Pool pool = world.apply(Settings.web(A).monitors("m"));
        pool.monitorResult(Settings.address(A), "m", false, "refused");
        world.apply(Settings.web(A));
        assertThat(pool.view().alive()).isTrue();

        world.apply(Settings.web(A).monitors("m"));

        assertThat(pool.view().alive()).isTrue();
    }

    @Test
    void aRequestThatComesInTheMidstOfAChangeFindsANode() {
        List<Runnable> midst = new ArrayList<>();
        Ticker probing =
                new Ticker() {
                    @Override
                    public long nanos() {
                        return world.time.nanos();
                    }

                    @Override
                    public Instant now() {
                        midst.forEach(Runnable::run);
                        return world.time.now();
                    }
                };
        try (Pools pools =
                new Pools(probing, world.events, () -> world.dice, world.time, world.names)) {
            Pool pool = apply(pools, Settings.web().node(A).node(B, DISABLED, 1, 1));
            List<String> served = new ArrayList<>();
            midst.add(() -> served.add(World.serve(pool)));

            apply(pools, Settings.web().node(A, DISABLED, 1, 1).node(B));
            assertThat(served).startsWith(A).contains(B);
            assertThat(world.events.take()).as("no internal error").isEmpty();
            assertThat(World.serve(pool)).isEqualTo(B);

            apply(pools, Settings.web(A));
            assertThat(World.serve(pool)).isEqualTo(A);
        }
    }

    private static Pool apply(Pools pools, Settings settings) {
        PoolConfig config = settings.slowStart(Duration.ZERO).build();
        return pools.apply(Map.of("web", config), Overlay.EMPTY).values().iterator().next();
    }

    private Pool apply(Overlay overlay, Settings settings) {
        Map<String, PoolConfig> configs = new LinkedHashMap<>();
        configs.put("web", settings.build());
        return world.pools.apply(configs, overlay).values().iterator().next();
    }

    private OverlayEntry entry(
            @org.jspecify.annotations.Nullable String pool,
            String node,
            @org.jspecify.annotations.Nullable Instant expires) {
        return new OverlayEntry(
                pool,
                Settings.address(node),
                DRAINING,
                null,
                "ops",
                "moving it",
                world.time.now(),
                expires);
    }
}
