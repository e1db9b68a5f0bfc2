package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.config.WeirConfig;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What each command makes of a node that two pools have, one of which keeps other nodes too. */
class NodeCommandTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Author ALICE = new Author("alice", Author.Channel.REST, "10.0.0.9");
    private static final NodeCommand.Action DRAIN = new NodeCommand.Drain();
    private static final NodeCommand.Action UNDRAIN = new NodeCommand.Undrain();
    private static final NodeCommand.Action DISABLE = new NodeCommand.Disable();
    private static final NodeCommand.Action ENABLE = new NodeCommand.Enable();

    private WeirConfig config =
            new Configs()
                    .pool("shop", "app1:80", "app2:80")
                    .pool("api", "app1:80", "[::1]:8080")
                    .build();
    private Overlay overlay = Overlay.EMPTY;

    @Test
    void drainsInEveryPoolOrInOne() throws RefusedException {
        run(DRAIN, "app1:80", "shop");
        assertThat(states("app1:80")).isEqualTo("shop=DRAINING api=ACTIVE");
        run(DRAIN, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=DRAINING api=DRAINING");
        assertThat(overlay.entries()).hasSize(1);
    }

    @Test
    void undrainsInEveryPoolOrInOne() throws RefusedException {
        run(DRAIN, "app1:80", null);
        run(UNDRAIN, "app1:80", "api");
        assertThat(states("app1:80")).isEqualTo("shop=DRAINING api=ACTIVE");
        run(UNDRAIN, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=ACTIVE api=ACTIVE");
        run(DRAIN, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=DRAINING api=DRAINING");
    }

    @Test
    void leavesNothingBehindAfterDrainAndUndrain() throws RefusedException {
        run(DRAIN, "app1:80", null);
        run(UNDRAIN, "app1:80", null);
        assertThat(overlay).isEqualTo(Overlay.EMPTY);
    }

    @Test
    void undrainsANodeThatTheConfigurationDrains() throws RefusedException {
        config = new Configs().pool("shop", "app1:80 draining").build();
        run(UNDRAIN, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=ACTIVE");
    }

    @Test
    void doesNothingWhenAnActiveNodeIsUndrained() throws RefusedException {
        run(UNDRAIN, "app1:80", null);
        assertThat(overlay).isEqualTo(Overlay.EMPTY);
    }

    @Test
    void doesNotWakeADisabledNodeByDrainingOrUndrainingIt() throws RefusedException {
        config = new Configs().pool("shop", "app1:80").pool("api", "app1:80 disabled").build();
        run(DRAIN, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=DRAINING api=DISABLED");
        run(UNDRAIN, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=ACTIVE api=DISABLED");

        assertThat(refusal(DRAIN, "app1:80", "api"))
                .isInstanceOf(ControlProblem.Conflict.class)
                .extracting(ControlProblem::message)
                .asString()
                .contains("disabled")
                .contains("enable it first");
        assertThat(refusal(UNDRAIN, "app1:80", "api")).isInstanceOf(ControlProblem.Conflict.class);
    }

    @Test
    void undrainsToUseANodeThatIsEnabledAgainstTheConfiguration() throws RefusedException {
        config = new Configs().pool("shop", "app1:80 disabled").build();
        run(ENABLE, "app1:80", null);
        run(DRAIN, "app1:80", "shop");
        run(UNDRAIN, "app1:80", "shop");
        assertThat(states("app1:80")).isEqualTo("shop=ACTIVE");
    }

    @Test
    void enablesWhateverKeptANodeOut() throws RefusedException {
        config =
                new Configs()
                        .pool("shop", "app1:80 disabled")
                        .pool("api", "app1:80 draining")
                        .pool("mail", "app1:80")
                        .build();
        run(DISABLE, "app1:80", "mail");
        run(ENABLE, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=ACTIVE api=ACTIVE mail=ACTIVE");
    }

    @Test
    void endsNoDrainWhenItEndsOnlyWhatDisables() throws RefusedException {
        NodeCommand.Action enable = new NodeCommand.Enable(false);
        run(DRAIN, "app1:80", null);
        Overlay drained = overlay;
        run(DISABLE, "app1:80", "shop");
        run(enable, "app1:80", "shop");
        assertThat(overlay).isEqualTo(drained);
        run(enable, "app1:80", null);
        assertThat(overlay).isEqualTo(drained);

        config =
                new Configs()
                        .pool("shop", "app1:80 disabled")
                        .pool("api", "app1:80 draining")
                        .pool("mail", "app1:80")
                        .build();
        overlay = Overlay.EMPTY;
        run(DISABLE, "app1:80", null);
        run(enable, "app1:80", "mail");
        assertThat(states("app1:80")).isEqualTo("shop=DISABLED api=DISABLED mail=ACTIVE");
        run(enable, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=ACTIVE api=DRAINING mail=ACTIVE");
    }

    @Test
    void forgetsWhatWasDecidedForOnePoolAndNothingElse() throws RefusedException {
        NodeCommand.Action forget = new NodeCommand.Forget();
        run(DRAIN, "app1:80", null);
        Overlay drained = overlay;
        for (NodeCommand.Action decision : List.of(DISABLE, ENABLE)) {
            run(decision, "app1:80", "shop");
            run(forget, "app1:80", "shop");
            assertThat(overlay).isEqualTo(drained);
        }
        run(new NodeCommand.Weight(7), "app1:80", "shop");
        run(forget, "app1:80", "shop");
        assertThat(weight("shop", "app1:80")).isEqualTo(7);
    }

    @Test
    void disablesEverywhereEvenWhereAPoolWasEnabledByHand() throws RefusedException {
        config = new Configs().pool("shop", "app1:80 disabled").pool("api", "app1:80").build();
        run(ENABLE, "app1:80", "shop");
        run(DISABLE, "app1:80", null);
        assertThat(states("app1:80")).isEqualTo("shop=DISABLED api=DISABLED");
    }

    @Test
    void keepsTheWeightOfADrainedNodeAndItsOwnEnd() throws RefusedException {
        run(new NodeCommand.Weight(7), "app1:80", "shop");
        NodeCommand drain =
                new NodeCommand("shop", address("app1:80"), DRAIN, null, "", NOW.plusSeconds(60));
        run(drain);
        assertThat(weight("shop", "app1:80")).isEqualTo(7);

        overlay = overlay.unexpired(NOW.plus(Duration.ofHours(1)));

        assertThat(states("app1:80")).isEqualTo("shop=ACTIVE api=ACTIVE");
        assertThat(weight("shop", "app1:80")).isEqualTo(7);
    }

    @Test
    void weighsInEveryPoolOrInOneAndBackAgain() throws RefusedException {
        run(new NodeCommand.Weight(7), "app1:80", "shop");
        run(new NodeCommand.Weight(9), "app1:80", null);
        assertThat(weight("shop", "app1:80")).isEqualTo(9);
        run(new NodeCommand.Weight(null), "app1:80", "api");
        assertThat(weight("shop", "app1:80")).isEqualTo(9);
        assertThat(weight("api", "app1:80")).isEqualTo(1);
        run(new NodeCommand.Weight(null), "app1:80", null);
        assertThat(overlay).isEqualTo(Overlay.EMPTY);
    }

    @Test
    void carriesOwnerReasonAndEnd() throws RefusedException {
        run(DRAIN, "app1:80", null);
        assertThat(overlay.entries().getFirst().owner()).isEqualTo("alice");
        run(
                new NodeCommand(
                        null,
                        address("app1:80"),
                        DRAIN,
                        "change 4711",
                        "new kernel",
                        NOW.plusSeconds(5)));
        assertThat(overlay.entries())
                .singleElement()
                .satisfies(
                        e -> {
                            assertThat(e.owner()).isEqualTo("change 4711");
                            assertThat(e.reason()).isEqualTo("new kernel");
                            assertThat(e.since()).isEqualTo(NOW);
                            assertThat(e.expires()).isEqualTo(NOW.plusSeconds(5));
                        });
    }

    @Test
    void namesTheNearestWhenThereIsNoSuchPoolOrNode() {
        assertThat(refusal(DRAIN, "app1:80", "shpo"))
                .isEqualTo(new ControlProblem.NotFound("pool", "shpo", "", "shop"));
        assertThat(refusal(DRAIN, "ap1:80", null))
                .isEqualTo(new ControlProblem.NotFound("node", "ap1:80", "any pool", "app1:80"));
        assertThat(refusal(DRAIN, "[::1]:8080", "shop"))
                .isEqualTo(new ControlProblem.NotFound("node", "[::1]:8080", "pool shop", null));
        assertThat(new ControlProblem.NotFound("pool", "shpo", "", "shop").message())
                .isEqualTo("there is no pool shpo; did you mean shop?");
    }

    @Test
    void canBeTakenBackAfterTheNodeHasLeftTheConfiguration() throws RefusedException {
        run(DRAIN, "app1:80", null);
        config = new Configs().pool("shop", "app2:80").build();
        assertThat(refusal(DRAIN, "app1:80", null)).isInstanceOf(ControlProblem.NotFound.class);
        run(UNDRAIN, "app1:80", null);
        assertThat(overlay).isEqualTo(Overlay.EMPTY);
    }

    @Test
    void refusesValuesThatAreNotAllowed() {
        assertThat(refusal(new NodeCommand.Weight(0), "app1:80", null))
                .isEqualTo(new ControlProblem.Invalid("weight", "0", "1 to 100"));
        assertThat(refusal(new NodeCommand.Weight(101), "app1:80", null))
                .isInstanceOf(ControlProblem.Invalid.class);
        assertThat(refusal(with("", "", NOW))).isInstanceOf(ControlProblem.Invalid.class);
        assertThat(refusal(with("", "two\nlines", null)))
                .isInstanceOf(ControlProblem.Invalid.class);
        assertThat(refusal(with("\u001b[31mred", "", null)))
                .isInstanceOf(ControlProblem.Invalid.class);
        assertThat(refusal(with("", "x".repeat(501), null)))
                .isEqualTo(
                        new ControlProblem.Invalid("reason", "501 characters long", "at most 500"));
    }

    @Test
    void findsNodesThatANameInTheDnsHasBecome() throws RefusedException {
        DataPlane.NodeView resolved =
                new DataPlane.NodeView(
                        "192.0.2.7:80",
                        "active",
                        "up",
                        null,
                        false,
                        1,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        -1,
                        null,
                        null,
                        null);
        DataPlane.Status status =
                new DataPlane.Status(
                        1,
                        List.of(),
                        List.of(
                                new DataPlane.PoolStatus(
                                        "shop",
                                        "random",
                                        true,
                                        0,
                                        null,
                                        null,
                                        null,
                                        List.of(resolved))),
                        0,
                        0);
        NodeCommand drain = NodeCommand.of(address("192.0.2.7:80"), DRAIN);
        assertThat(NodeTargets.find(drain, config, status, overlay)).containsOnlyKeys("shop");
    }

    @Test
    void understandsAddressesAsPeopleWriteThem() {
        assertThat(NodeAddresses.parse("APP.example:80"))
                .isEqualTo(new NodeAddress("app.example", 80));
        assertThat(NodeAddresses.parse("[2001:db8::1]:80"))
                .isEqualTo(new NodeAddress("2001:db8::1", 80));
        for (String wrong :
                List.of(
                        "",
                        "app",
                        ":80",
                        "app:",
                        "app:0",
                        "app:65536",
                        "app:8x",
                        "::1:80",
                        "[]:80")) {
            assertThat(NodeAddresses.parse(wrong)).as(wrong).isNull();
        }
    }

    private NodeCommand with(String owner, String reason, @Nullable Instant expires) {
        return new NodeCommand(null, address("app1:80"), DRAIN, owner, reason, expires);
    }

    private void run(NodeCommand.Action action, String node, @Nullable String pool)
            throws RefusedException {
        run(new NodeCommand(pool, address(node), action, null, "", null));
    }

    private void run(NodeCommand command) throws RefusedException {
        DataPlane.Status status = new DataPlane.Status(1, List.of(), List.of(), 0, 0);
        overlay = NodeStep.of(command, ALICE, overlay, config, status, NOW).after();
    }

    private ControlProblem refusal(NodeCommand.Action action, String node, @Nullable String pool) {
        return refusal(new NodeCommand(pool, address(node), action, null, "", null));
    }

    private ControlProblem refusal(NodeCommand command) {
        try {
            run(command);
        } catch (RefusedException e) {
            return e.problem();
        }
        throw new AssertionError("expected a refusal, and the command went through");
    }

    private String states(String node) {
        StringBuilder out = new StringBuilder();
        for (PoolConfig pool : config.pools().values()) {
            for (NodeConfig candidate : pool.nodes()) {
                if (candidate.address().equals(address(node))) {
                    out.append(out.isEmpty() ? "" : " ")
                            .append(pool.name())
                            .append('=')
                            .append(overlay.stateOf(pool.name(), candidate));
                }
            }
        }
        return out.toString();
    }

    private int weight(String pool, String node) {
        for (NodeConfig candidate : Objects.requireNonNull(config.pools().get(pool)).nodes()) {
            if (candidate.address().equals(address(node))) {
                return overlay.weightOf(pool, candidate);
            }
        }
        throw new AssertionError("no " + node + " in " + pool);
    }

    private static NodeAddress address(String node) {
        return Objects.requireNonNull(NodeAddresses.parse(node));
    }
}
