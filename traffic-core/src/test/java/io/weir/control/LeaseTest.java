package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.OverlayEntry.AtDeadline;
import io.weir.config.WeirConfig;
import io.weir.control.Safety.Kind;
import io.weir.control.Safety.Verdict;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventTag;
import io.weir.runtime.NodeUse;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Leases of nodes, and drains with a deadline. */
class LeaseTest {

    private static final NodeAddress NODE = new NodeAddress("a", 80);

    /** One of those that the name stands for. */
    private static final NodeAddress ADDRESS = new NodeAddress("192.0.2.1", 80);

    private static final Author ALICE = new Author("alice", Author.Channel.COMMAND_LINE, "pid 1");
    private static final Author BOB = new Author("bob", Author.Channel.SOAP, "192.0.2.9");

    @TempDir Path state;

    private final RecordingEvents events = new RecordingEvents();
    private final ManualTicker ticker = new ManualTicker();
    private @Nullable RecordingPlane plane;
    private @Nullable Control control;

    @BeforeEach
    void start() throws RefusedException {
        start(Configs.web("a:80", "b:80", "c:80"));
    }

    private void start(WeirConfig config) throws RefusedException {
        control =
                Control.start(
                        new SettableSource(config),
                        (first, overlay) -> plane = new RecordingPlane(first, overlay),
                        new OverlayStore(state),
                        null,
                        events,
                        ticker);
    }

    private Control control() {
        return Objects.requireNonNull(control);
    }

    private RecordingPlane plane() {
        return Objects.requireNonNull(plane);
    }

    /** From now on the node drains with so many requests, and two others serve. */
    private void draining(int requests) {
        using(in("web", requests));
    }

    private void using(NodeUse.InPool... pools) {
        Set<NodeAddress> names = Set.of(NODE, ADDRESS);
        plane().use(new NodeUse(NODE, names, List.of(pools), Map.of(), -1, List.of()));
    }

    private static NodeUse.InPool in(String pool, int requests) {
        return new NodeUse.InPool(
                pool,
                "draining",
                true,
                false,
                requests,
                0,
                0,
                0,
                0,
                requests + 1,
                1,
                3,
                40,
                2,
                1,
                List.of());
    }

    private Safety lease(Author author) throws RefusedException {
        return control()
                .lease(
                        new LeaseRequest(
                                new SafetyQuestion(NODE), Duration.ofMinutes(5), null, "kernel"),
                        author);
    }

    private ControlProblem refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, call);
        return Objects.requireNonNull(refused).problem();
    }

    @Test
    void aLeaseIsGivenOnlyWithAYes() throws RefusedException {
        draining(2);
        Safety busy = lease(ALICE);
        assertThat(busy.verdict()).isEqualTo(Verdict.AFTER);
        assertThat(busy.estimate()).isEqualTo(Duration.ofMillis(40));
        assertThat(busy.reasons())
                .extracting(Safety.Reason::text)
                .containsExactly("2 requests in flight in pool web");
        assertThat(control().overlay().leases()).isEmpty();

        draining(0);
        Safety free = lease(ALICE);
        assertThat(free.verdict()).isEqualTo(Verdict.YES);
        assertThat(Objects.requireNonNull(free.lease()).owner()).isEqualTo("alice");
        assertThat(plane().overlay().lease(NODE)).isEqualTo(free.lease());
        assertThat(events.texts(EventTag.OVERLAYCHANGE))
                .last()
                .asString()
                .startsWith("alice (command-line, pid 1): lease of node a:80, owner alice");
    }

    @Test
    void whatOneHasNobodyElseGets() throws RefusedException {
        draining(0);
        lease(ALICE);
        Safety second = lease(BOB);
        assertThat(second.verdict()).isEqualTo(Verdict.NO);
        assertThat(second.reasons()).extracting(Safety.Reason::kind).containsExactly(Kind.LEASED);
        assertThat(lease(ALICE).verdict()).as("a lease can be renewed").isEqualTo(Verdict.YES);
        for (NodeCommand.Action action :
                List.of(new NodeCommand.Undrain(), new NodeCommand.Enable())) {
            assertThat(
                            refused(() -> control().setNode(NodeCommand.of(NODE, action), BOB))
                                    .message())
                    .contains("alice has a lease of it until");
        }
    }

    @Test
    void whoHasANodeUnderOneOfItsNamesHasItUnderAll() throws RefusedException {
        draining(0);
        lease(ALICE);
        NodeUse use = plane().use(NODE, null);
        plane().use(new NodeUse(ADDRESS, use.names(), use.pools(), Map.of(), -1, List.of()));
        SafetyQuestion question = new SafetyQuestion(ADDRESS);

        Safety bob = control().safety(question, BOB);
        assertThat(bob.verdict()).isEqualTo(Verdict.NO);
        assertThat(bob.reasons()).extracting(Safety.Reason::kind).containsExactly(Kind.LEASED);
        Safety alice = control().safety(question, ALICE);
        assertThat(alice.verdict()).isEqualTo(Verdict.YES);
        assertThat(alice.lease()).isNull();
    }

    @Test
    void aLeaseEndsWithItsTimeOrByReleaseOrWhenItsOwnerUndrains() throws RefusedException {
        draining(0);
        lease(ALICE);
        ticker.advance(Duration.ofMinutes(6));
        control().tick();
        assertThat(plane().overlay().leases()).isEmpty();
        assertThat(events.texts(EventTag.OVERLAYCHANGE)).last().asString().contains("is over");

        lease(ALICE);
        control().release(NODE, BOB);
        assertThat(plane().overlay().leases()).isEmpty();
        assertThat(refused(() -> control().release(NODE, BOB)).code()).isEqualTo("not-found");

        control().setNode(NodeCommand.of(NODE, new NodeCommand.Drain()), ALICE);
        lease(ALICE);
        control().setNode(NodeCommand.of(NODE, new NodeCommand.Undrain()), ALICE);
        assertThat(plane().overlay().leases()).isEmpty();
        assertThat(plane().overlay().entries()).isEmpty();
    }

    @Test
    void aLeaseSurvivesOtherDecisionsAndARestart() throws RefusedException {
        draining(0);
        lease(ALICE);
        control().setNode(NodeCommand.of(NODE, new NodeCommand.Drain()), BOB);
        control().setNode(NodeCommand.of(new NodeAddress("b", 80), new NodeCommand.Drain()), BOB);
        start();
        assertThat(control().overlay().lease(NODE)).isNotNull();
        assertThat(plane().overlay().lease(NODE)).isNotNull();
    }

    @Test
    void aDrainThatTakesTooLongIsReportedOnceAndEndsAsWished() throws RefusedException {
        for (AtDeadline wish : AtDeadline.values()) {
            draining(2);
            control()
                    .setNode(
                            NodeCommand.of(
                                    NODE,
                                    new NodeCommand.Drain(ticker.now().plusSeconds(60), wish)),
                            ALICE);
            ticker.advance(Duration.ofSeconds(59));
            control().tick();
            assertThat(events.texts(EventTag.DRAINDEADLINE)).isEmpty();
            ticker.advance(Duration.ofSeconds(1));
            control().tick();
            control().tick();
            assertThat(events.texts(EventTag.DRAINDEADLINE))
                    .singleElement()
                    .asString()
                    .contains("by alice was to be over; 2 exchanges are in flight");
            assertThat(plane().overlay().entries())
                    .singleElement()
                    .satisfies(
                            e ->
                                    assertThat(e.state())
                                            .isEqualTo(
                                                    wish == AtDeadline.NOTHING
                                                            ? NodeConfig.State.DRAINING
                                                            : NodeConfig.State.DISABLED));
            assertThat(plane().cuts()).hasSize(wish == AtDeadline.CLOSE ? 1 : 0);
            events.clear();
            control().setNode(NodeCommand.of(NODE, new NodeCommand.Enable()), ALICE);
        }
    }

    @Test
    void theEndOfADrainIsNotForPoolsThatUseTheNodeAgain() throws RefusedException {
        start(
                new Configs()
                        .pool("api", "a:80", "b:80")
                        .pool("web", "a:80", "b:80")
                        .server("web", "web", 8080)
                        .build());
        using(in("api", 3), in("web", 2));
        control()
                .setNode(
                        NodeCommand.of(
                                NODE,
                                new NodeCommand.Drain(
                                        ticker.now().plusSeconds(60), AtDeadline.CLOSE)),
                        ALICE);
        control().setNode(NodeCommand.of(NODE, new NodeCommand.Undrain()).inPool("api"), BOB);
        ticker.advance(Duration.ofSeconds(60));
        control().tick();

        assertThat(plane().cuts()).containsExactly("a:80 in web");
        assertThat(events.texts(EventTag.DRAINDEADLINE))
                .singleElement()
                .asString()
                .contains("2 exchanges are in flight");
    }

    @Test
    void onlyADrainThatHoldsInAPoolSaysWhenItsConnectionsAreCut() throws RefusedException {
        start(new Configs().pool("api", "a:80", "b:80").server("web", "api", 8080).build());
        using(
                new NodeUse.InPool(
                        "api",
                        "draining",
                        true,
                        false,
                        1,
                        1,
                        0,
                        0,
                        0,
                        1,
                        0,
                        3,
                        40,
                        2,
                        1,
                        List.of()));
        Instant end = ticker.now().plusSeconds(60);
        control()
                .setNode(NodeCommand.of(NODE, new NodeCommand.Drain(end, AtDeadline.CLOSE)), ALICE);
        assertThat(control().safety(new SafetyQuestion(NODE), ALICE).estimate())
                .isEqualTo(Duration.ofSeconds(60));

        control().setNode(NodeCommand.of(NODE, new NodeCommand.Drain()).inPool("api"), BOB);

        assertThat(control().safety(new SafetyQuestion(NODE), ALICE).estimate()).isNull();
    }

    @Test
    void aNodeThatNobodyHasIsNoNode() {
        assertThat(
                        refused(
                                () ->
                                        control()
                                                .safety(
                                                        new SafetyQuestion(
                                                                new NodeAddress("z", 80)),
                                                        ALICE)))
                .isInstanceOf(ControlProblem.NotFound.class);
    }
}
