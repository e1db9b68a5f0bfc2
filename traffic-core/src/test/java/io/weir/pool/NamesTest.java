package io.weir.pool;

import static io.weir.config.NodeConfig.State.ACTIVE;
import static io.weir.config.NodeConfig.State.DISABLED;
import static io.weir.config.NodeConfig.State.DRAINING;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes that are given by name. */
class NamesTest {

    private static final String A = "10.0.0.1:80";
    private static final String NAME = "app:80";

    private final World world = new World();

    @Test
    void aPoolBeginsWithANameThatDoesNotResolveAndUsesItWhenItDoes() {
        Pool pool = world.apply(Settings.web(A, NAME));
        assertThat(World.serve(pool, 10)).containsOnlyKeys(A);
        assertThat(world.events.take()).isEmpty();

        world.names.notFound("app", "no such name");
        world.names.notFound("app", "no such name");
        assertThat(world.events.take()).containsExactly("noderesolvefailure " + NAME);
        assertThat(World.node(pool, NAME).status().health())
                .isEqualTo(new Health.Down("no such name", world.time.now()));

        world.names.found("app", "10.1.0.1");
        world.pass(Duration.ofMinutes(1));
        assertThat(World.serve(pool, 10)).containsKeys(A, NAME);
        assertThat(world.events.take()).isEmpty();
    }

    @Test
    void aNameThatResolvesSoonAfterTheStartHasItsShareAtOnce() {
        Pool pool = world.apply(Settings.web(A, NAME));
        World.serve(pool, 10);

        world.names.found("app", "10.1.0.1");

        assertThat(World.serve(pool, 10)).containsEntry(A, 5).containsEntry(NAME, 5);
    }

    @Test
    void theLastGoodAddressesStayInUseWhenLookUpsFail() {
        world.names.found("app", "10.1.0.1");
        Pool pool = world.apply(Settings.web(NAME));

        world.names.notFound("app", "timeout");

        assertThat(World.lease(pool).target()).isEqualTo(socket("10.1.0.1"));
        assertThat(world.events.take()).containsExactly("noderesolvefailure " + NAME);
        assertThat(world.events.all()).isEmpty();
        world.names.found("app", "10.1.0.1");
        world.names.notFound("app", "timeout");
        assertThat(world.events.take()).containsExactly("noderesolvefailure " + NAME);
    }

    @Test
    void aPoolOfUnresolvedNamesHasDied() {
        Pool pool = world.apply(Settings.web(NAME));
        assertThat(World.none(pool).text()).contains(NAME);
        world.names.notFound("app", "no such name");

        assertThat(World.none(pool).text()).contains("no such name");
        assertThat(world.events.take())
                .containsExactly("noderesolvefailure " + NAME, "pooldied web");
    }

    @Test
    void newConnectionsFollowTheName() {
        world.names.found("app", "10.1.0.1");
        Pool pool = world.apply(Settings.web(NAME));
        PoolNode node = World.node(pool, NAME);
        AtomicInteger idleClosed = new AtomicInteger();
        node.onIdleUnwanted(most -> idleClosed.incrementAndGet());

        world.names.found("app", "10.1.0.2");

        assertThat(World.node(pool, NAME)).isSameAs(node);
        assertThat(World.lease(pool).target()).isEqualTo(socket("10.1.0.2"));
        assertThat(node.hasAddress(socket("10.1.0.1"))).isFalse();
        assertThat(node.hasAddress(socket("10.1.0.2"))).isTrue();
        assertThat(idleClosed).hasValue(1);
        world.names.found("app", "10.1.0.2", "10.1.0.3");
        assertThat(idleClosed).as("nothing was lost").hasValue(1);
    }

    @Test
    void oneNodeGoesToItsAddressesInTurn() {
        world.names.found("app", "10.1.0.1", "10.1.0.2", "10.1.0.3");
        Pool pool = world.apply(Settings.web(NAME));
        assertThat(pool.view().entries()).hasSize(1);

        List<InetSocketAddress> targets = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            targets.add(World.lease(pool).target());
        }

        assertThat(targets)
                .containsExactly(
                        socket("10.1.0.1"),
                        socket("10.1.0.2"),
                        socket("10.1.0.3"),
                        socket("10.1.0.1"),
                        socket("10.1.0.2"),
                        socket("10.1.0.3"));
    }

    @Test
    void anAddressThatCannotBeConnectedToIsPassedOverForAWhile() {
        world.names.found("app", "10.1.0.1", "10.1.0.2");
        Pool pool = world.apply(Settings.web(NAME));
        Lease lease = World.lease(pool);
        assertThat(lease.target()).isEqualTo(socket("10.1.0.1"));

        assertThat(lease.nextTarget()).isEqualTo(socket("10.1.0.2"));
        assertThat(lease.target()).isEqualTo(socket("10.1.0.2"));
        lease.replied(200, 1000);
        lease.close();

        for (int i = 0; i < 5; i++) {
            assertThat(World.lease(pool).target()).isEqualTo(socket("10.1.0.2"));
        }
        world.pass(Duration.ofSeconds(60));
        assertThat(List.of(World.lease(pool).target(), World.lease(pool).target()))
                .contains(socket("10.1.0.1"));
    }

    @Test
    void anAttemptEndsWhenNoAddressIsLeft() {
        world.names.found("app", "10.1.0.1", "10.1.0.2");
        Pool pool = world.apply(Settings.web(NAME));
        Lease lease = World.lease(pool);
        assertThat(lease.nextTarget()).isNotNull();
        assertThat(lease.nextTarget()).isNull();
        lease.failed(NodeFailure.REFUSED);
        lease.close();

        assertThat(World.lease(pool).target()).as("better than nothing").isNotNull();
    }

    @Test
    void theOtherAddressFamilyServesWhenThePreferredCannotBeReached() {
        world.names.found("localhost", "127.0.0.1", "::1");
        Pool pool = world.apply(Settings.web("localhost:80"));
        for (int i = 0; i < 3; i++) {
            assertThat(World.lease(pool).target()).isEqualTo(socket("127.0.0.1"));
        }
        World.lease(pool).nextTarget();

        for (int i = 0; i < 3; i++) {
            assertThat(World.lease(pool).target()).isEqualTo(socket("::1"));
        }
    }

    @Test
    void literalAddressesAreNotLookedUp() {
        Pool pool = world.apply(Settings.web("10.0.0.1:80", "[2001:db8::1]:80"));

        assertThat(World.serve(pool, 10)).containsKeys("10.0.0.1:80", "[2001:db8::1]:80");
        assertThat(world.names.followers("10.0.0.1")).isZero();
        assertThat(world.names.followers("2001:db8::1")).isZero();
    }

    @Test
    void aNameWithThreeAddressesCountsAsThreeNodesIfSoConfigured() {
        world.names.found("app", "10.1.0.1", "10.1.0.2", "::1");
        Pool pool = world.apply(Settings.web(A, NAME).nodePerAddress());

        assertThat(World.serve(pool, 400))
                .containsEntry(A, 100)
                .containsEntry("10.1.0.1:80", 100)
                .containsEntry("10.1.0.2:80", 100)
                .containsEntry("[::1]:80", 100);
    }

    @Test
    void whoCutsANameThatIsANodePerAddressCutsThemAllButWhatWasDecidedByAddress() {
        world.names.found("app", "10.1.0.1", "10.1.0.2", "10.1.0.3");
        Pool pool = world.apply(Settings.web(A, NAME).nodePerAddress().drainRemoved(Duration.ZERO));
        Lease leaving = World.leaseOf(pool, "10.1.0.3:80");
        List<String> cut = new ArrayList<>();
        for (PoolView.Entry entry : pool.view().entries()) {
            String address = entry.node().address().toString();
            entry.node().onDeath(() -> cut.add(address));
        }
        world.names.found("app", "10.1.0.1", "10.1.0.2");
        world.decide(NAME, DISABLED, null);
        world.decide("10.1.0.2:80", ACTIVE, null);

        world.pools.cut("web", Settings.address(NAME));

        assertThat(cut).containsExactlyInAnyOrder("10.1.0.1:80", "10.1.0.3:80");
        leaving.close();
    }

    @Test
    void whatRunsOnAnAddressThatANameHasNoMoreIsStillOnTheName() {
        world.names.found("app", "10.1.0.1", "10.1.0.2");
        Pool pool = world.apply(Settings.web(NAME).nodePerAddress());
        Lease lease = World.leaseOf(pool, "10.1.0.1:80");
        AtomicInteger cut = new AtomicInteger();
        lease.node().onDeath(cut::incrementAndGet);
        world.names.found("app", "10.1.0.2");

        assertThat(world.pools.departed(Settings.address(NAME))).isEqualTo(Map.of("web", 1));
        world.pools.cut("web", Settings.address(NAME));
        assertThat(cut).hasValue(1);
        world.pass(Duration.ofSeconds(1));
        lease.close();
        assertThat(world.pools.departed(Settings.address(NAME))).isEmpty();
        assertThat(world.pools.departedLastUsedNanos(Settings.address(NAME)))
                .isEqualTo(world.time.nanos());
    }

    @Test
    void nodesComeAndGoWithTheAddressesAndTheOthersKeepTheirCounts() {
        world.names.found("app", "10.1.0.1", "10.1.0.2");
        Pool pool = world.apply(Settings.web(NAME).nodePerAddress().monitors("m"));
        PoolNode kept = World.node(pool, "10.1.0.2:80");
        World.serve(pool, 10);
        pool.monitorResult(kept.address(), "m", true, null);

        world.names.found("app", "10.1.0.2", "10.1.0.3");

        assertThat(World.node(pool, "10.1.0.2:80")).isSameAs(kept);
        assertThat(kept.requests()).isEqualTo(5);
        assertThat(World.serve(pool, 10))
                .as("10.1.0.3 waits for its check")
                .containsOnlyKeys("10.1.0.2:80");
        pool.monitorResult(Settings.address("10.1.0.3:80"), "m", true, null);
        world.pass(Duration.ofSeconds(30));
        assertThat(World.serve(pool, 10)).containsOnlyKeys("10.1.0.2:80", "10.1.0.3:80");
    }

    @Test
    void aVerdictAboutTheNameSpeaksForItsAddressesAlsoForLaterOnes() {
        world.names.found("app", "10.1.0.1");
        Pool pool = world.apply(Settings.web(NAME).nodePerAddress().monitors("m"));
        pool.monitorResult(Settings.address(NAME), "m", true, null);

        world.names.found("app", "10.1.0.1", "10.1.0.2");
        world.pass(Duration.ofSeconds(30));
        assertThat(World.serve(pool, 10)).containsOnlyKeys("10.1.0.1:80", "10.1.0.2:80");

        pool.monitorResult(Settings.address("10.1.0.1:80"), "m", true, null);
        pool.monitorResult(Settings.address(NAME), "m", false, "refused");
        assertThat(World.serve(pool, 10)).containsOnlyKeys("10.1.0.1:80");
    }

    @Test
    void whatMonitorsSaidOfANameHoldsWhenItBecomesANodePerAddressAndBack() {
        world.names.found("app", "10.1.0.1", "10.1.0.2");
        Pool pool = world.apply(Settings.web(NAME).monitors("m").slowStart(Duration.ZERO));
        pool.monitorResult(Settings.address(NAME), "m", true, null);

        world.apply(Settings.web(NAME).monitors("m").slowStart(Duration.ZERO).nodePerAddress());
        assertThat(World.serve(pool, 10)).containsOnlyKeys("10.1.0.1:80", "10.1.0.2:80");

        world.apply(Settings.web(NAME).monitors("m").slowStart(Duration.ZERO));
        assertThat(World.serve(pool, 10)).containsOnlyKeys(NAME);
    }

    @Test
    void aVerdictThatCameWhileANameWasANodePerAddressHoldsForTheNodeThatComesBack() {
        world.names.found("app", "10.1.0.1");
        Settings oneNode = Settings.web(NAME).monitors("m").drainRemoved(Duration.ZERO);
        Pool pool = world.apply(oneNode);
        Lease running = World.lease(pool);
        pool.monitorResult(Settings.address(NAME), "m", false, "refused");
        world.apply(Settings.web(NAME).monitors("m").drainRemoved(Duration.ZERO).nodePerAddress());
        pool.monitorResult(Settings.address(NAME), "m", true, null);

        world.apply(oneNode);

        assertThat(World.node(pool, NAME)).isSameAs(running.node());
        assertThat(World.node(pool, NAME).status().health()).isEqualTo(new Health.Up());
    }

    @Test
    void aVerdictAboutANameThatDoesNotResolveYetHoldsForItsAddresses() {
        Pool pool = world.apply(Settings.web(NAME).nodePerAddress().monitors("m"));
        world.names.notFound("app", "timeout");
        pool.monitorResult(Settings.address(NAME), "m", true, null);

        world.names.found("app", "10.1.0.1");

        assertThat(World.serve(pool, 3)).containsOnlyKeys("10.1.0.1:80");
    }

    @Test
    void aVerdictAboutAnAddressGoesWithIt() {
        world.names.found("app", "10.0.0.1");
        Pool pool = world.apply(Settings.web(A, NAME).nodePerAddress().monitors("m"));
        pool.monitorResult(Settings.address(A), "m", false, "refused");
        pool.monitorResult(Settings.address(NAME), "m", true, null);
        assertThat(pool.view().alive()).isFalse();

        world.apply(Settings.web(NAME).nodePerAddress().monitors("m"));

        assertThat(World.serve(pool, 3)).containsOnlyKeys(A);
    }

    @Test
    void aVerdictAboutANameIsForgottenWhenItIsDisabled() {
        world.names.found("app", "10.1.0.1");
        Pool pool = world.apply(Settings.web(NAME).nodePerAddress().monitors("m"));
        pool.monitorResult(Settings.address(NAME), "m", true, null);

        world.decide(NAME, DISABLED, null);
        pool.monitorResult(Settings.address(NAME), "m", false, "late");
        world.undecide(NAME);
        assertThat(World.node(pool, "10.1.0.1:80").status().health())
                .isEqualTo(new Health.Unchecked(false));

        pool.monitorResult(Settings.address(NAME), "m", true, null);
        assertThat(World.node(pool, "10.1.0.1:80").status().health()).isEqualTo(new Health.Up());
    }

    @Test
    void beforeItResolvesANodePerAddressIsShownUnderItsName() {
        Pool pool = world.apply(Settings.web(NAME).nodePerAddress());
        world.names.notFound("app", "no such name");
        assertThat(pool.view().entries()).hasSize(1);
        assertThat(World.node(pool, NAME).status().health()).isInstanceOf(Health.Down.class);

        world.names.found("app", "10.1.0.1");

        assertThat(pool.view().entries())
                .extracting(e -> e.node().address().toString())
                .containsExactly("10.1.0.1:80");
        assertThat(world.events.take()).contains("poolok web");
    }

    @Test
    void decisionsAboutTheNameHoldForEachAddressAndTheOtherWayRoundForOne() {
        world.names.found("app", "10.1.0.1", "10.1.0.2");
        Pool pool = world.apply(Settings.web(NAME).nodePerAddress());
        world.decide("10.1.0.1:80", DRAINING, null);
        assertThat(World.serve(pool, 10)).containsOnlyKeys("10.1.0.2:80");

        world.decide(NAME, DRAINING, null);
        assertThat(pool.view().alive()).isFalse();
        world.undecide(NAME);
        world.undecide("10.1.0.1:80");
        assertThat(pool.view().alive()).isTrue();
    }

    @Test
    void anAddressThatIsListedTooCountsOnce() {
        world.names.found("app", "10.0.0.1", "10.1.0.2");
        Pool pool = world.apply(Settings.web(A, NAME).nodePerAddress());

        assertThat(pool.view().entries()).hasSize(2);
    }

    @Test
    void namesAreFollowedAsLongAsAPoolHasThem() {
        world.apply(Settings.web(NAME, "app:81", "other:80"));
        assertThat(world.names.followers("app")).isEqualTo(1);

        world.apply(Settings.web(NAME));
        assertThat(world.names.followers("app")).isEqualTo(1);
        assertThat(world.names.followers("other")).isZero();
        world.apply(Settings.web(A));
        assertThat(world.names.followers("app")).isZero();
    }

    @Test
    void namesOfRemovedPoolsAreNotFollowed() {
        world.apply(Settings.web(A), Settings.of("old").node(NAME));
        world.apply(Settings.web(A));
        assertThat(world.names.followers("app")).isZero();

        world.apply(Settings.web(NAME));
        world.pools.close();
        assertThat(world.names.followers("app")).isZero();
    }

    private static InetSocketAddress socket(String address) {
        return new InetSocketAddress(java.net.InetAddress.ofLiteral(address), 80);
    }
}
