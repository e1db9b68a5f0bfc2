package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cert.Watched;
import io.weir.config.NodeConfig.State;
import io.weir.config.WeirConfig;
import io.weir.control.store.LastGood;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class ControlTest {

    private static final Author ALICE =
            new Author("alice", Author.Channel.COMMAND_LINE, "pid 4711");
    private static final WeirConfig FOUR = Configs.web("a:80", "b:80", "c:80", "d:80");
    private static final WeirConfig FIVE = Configs.web("a:80", "b:80", "c:80", "d:80", "e:80");

    @TempDir Path state;

    private final RecordingEvents events = new RecordingEvents();
    private final ManualTicker ticker = new ManualTicker();
    private final SettableSource source = new SettableSource(FOUR);
    private @Nullable RecordingPlane plane;

    @Test
    void startsWithWhatTheSourceHas() throws RefusedException {
        Control control = start(source);
        assertThat(control.config()).isEqualTo(FOUR);
        assertThat(control.health()).isEqualTo(new Health(true, List.of()));
        assertThat(events.tags()).containsExactly(EventTag.RUNNING);
    }

    @Test
    void putsANewConfigurationInForceAndTellsItsFollowers() throws RefusedException {
        Control control = start(source);
        List<WeirConfig> followed = new ArrayList<>();
        control.follow(followed::add);
        source.set(FIVE);

        ReloadReport report = control.reload(ReloadRequest.PLAIN, ALICE);

        assertThat(report.applied()).isTrue();
        assertThat(report.revision()).isEqualTo(2);
        assertThat(report.partial()).isFalse();
        assertThat(plane().config()).isEqualTo(FIVE);
        assertThat(followed).containsExactly(FOUR, FIVE);
        assertThat(events.texts(EventTag.CONFMOD))
                .singleElement()
                .asString()
                .contains("alice (command-line, pid 4711)")
                .contains("1 changed (pools/web)");
        assertThat(events.tags()).endsWith(EventTag.CONFMOD, EventTag.CONFOK);
    }

    @Test
    void saysThatNothingChangedWhenTheConfigurationIsTheSame() throws RefusedException {
        Control control = start(source);
        assertThat(control.reload(ReloadRequest.PLAIN, ALICE).applied()).isFalse();
        assertThat(events.tags()).doesNotContain(EventTag.CONFMOD).endsWith(EventTag.CONFOK);
    }

    @Test
    void keepsRunningWhatRunsWhenTheConfigurationHasErrors() throws RefusedException {
        Control control = start(source);
        source.breakWith("typo");

        ControlProblem problem = refusal(() -> control.reload(ReloadRequest.PLAIN, ALICE));

        assertThat(problem).isInstanceOf(ControlProblem.BadConfiguration.class);
        assertThat(problem.message()).contains("weir.yaml:3:5").contains("lisen");
        assertThat(plane().config()).isEqualTo(FOUR);
        assertThat(control.status().configuration().refusal()).isEqualTo(problem);
        assertThat(control.health().ready()).isTrue();
        assertThat(control.health().reasons())
                .singleElement()
                .asString()
                .contains("configuration on disk was refused");
        assertThat(events.texts(EventTag.CONFREFUSED)).hasSize(1);
    }

    @Test
    void keepsRunningWhatRunsWhenTheDataPlaneRefuses() throws RefusedException {
        Control control = start(source);
        plane().refuse("cannot listen on 127.0.0.1:80: in use");
        source.set(FIVE);

        ControlProblem problem = refusal(() -> control.reload(ReloadRequest.PLAIN, ALICE));

        assertThat(problem).isInstanceOf(ControlProblem.NotApplied.class);
        assertThat(problem.message()).contains("virtual-servers/web").contains("127.0.0.1:80");
        assertThat(control.config()).isEqualTo(FOUR);
    }

    @Test
    void keepsRunningWhatRunsWhenApplyingAConfigurationFailsInside() throws RefusedException {
        Control control = start(source);
        plane().failWith(new IllegalStateException("bug"));
        source.set(FIVE);

        assertThat(refusal(() -> control.reload(ReloadRequest.PLAIN, ALICE)).message())
                .contains("bug");
        assertThat(control.config()).isEqualTo(FOUR);
        assertThat(events.tags()).contains(EventTag.INTERNALERROR, EventTag.CONFREFUSED);
    }

    @Test
    void isWellAgainAfterAGoodReload() throws RefusedException {
        Control control = start(source);
        source.breakWith("typo");
        refusal(() -> control.reload(ReloadRequest.PLAIN, ALICE));
        source.set(FIVE);
        control.reload(ReloadRequest.PLAIN, ALICE);
        assertThat(control.health().degraded()).isFalse();
    }

    @Test
    void triesAndReportsTheSameContentOnceWhenOnlyNewContentIsWanted() throws RefusedException {
        Control control = start(source);
        source.breakWith("typo");
        refusal(() -> control.reload(ReloadRequest.IF_NEW, ALICE));
        assertThat(control.reload(ReloadRequest.IF_NEW, ALICE).applied()).isFalse();
        assertThat(events.texts(EventTag.CONFREFUSED)).hasSize(1);

        source.breakWith("another typo");
        refusal(() -> control.reload(ReloadRequest.IF_NEW, ALICE));
        assertThat(events.texts(EventTag.CONFREFUSED)).hasSize(2);
    }

    @Test
    void saysThatAReloadIsPartialWhenSomeObjectFailed() throws RefusedException {
        Control control = start(source);
        plane().failObject("virtual-servers/other");
        source.set(FIVE);
        assertThat(control.reload(ReloadRequest.PLAIN, ALICE).partial()).isTrue();
    }

    @Test
    void refusesAConfigurationThatTakesAwayTooMuchUntilItIsAllowed() throws RefusedException {
        Control control = start(source);
        source.set(Configs.web("a:80", "b:80"));

        assertThat(refusal(() -> control.reload(ReloadRequest.PLAIN, ALICE)).message())
                .contains("removes 2 of 4 nodes")
                .contains("--allow-shrink");
        assertThat(control.config()).isEqualTo(FOUR);

        control.reload(new ReloadRequest(true, false, null), ALICE);
        assertThat(Configs.nodes(control.config(), "web")).hasSize(2);
    }

    @Test
    void refusesAReloadThatExpectsAnotherRevision() throws RefusedException {
        Control control = start(source);
        ReloadRequest stale = new ReloadRequest(false, false, 7L);
        assertThat(refusal(() -> control.reload(stale, ALICE)))
                .isEqualTo(
                        new ControlProblem.Conflict(
                                "the configuration is at revision 1, expected 7"));
    }

    @Test
    void checksWithoutChangingAnything() throws RefusedException {
        Control control = start(source);
        source.breakWith("typo");
        assertThat(control.check().problems()).hasSize(1);
        assertThat(control.check().refusal()).isNotNull();
        source.set(Configs.web("a:80"));
        assertThat(control.check().refusal()).isInstanceOf(ControlProblem.Shrinks.class);
        source.set(FIVE);
        assertThat(control.check()).isEqualTo(new CheckReport(List.of(), null, true));
        assertThat(control.config()).isEqualTo(FOUR);
        assertThat(events.tags()).containsExactly(EventTag.RUNNING);
    }

    @Test
    void startsWithTheLastGoodConfigurationWhenTheSourceIsBroken() throws RefusedException {
        Control first = start(source);
        source.set(FIVE);
        first.reload(ReloadRequest.PLAIN, ALICE);
        source.breakWith("typo");
        events.clear();

        Control second = start(source.afterRestart());

        assertThat(second.config()).isEqualTo(FIVE);
        assertThat(second.status().configuration().lastGood()).isTrue();
        assertThat(second.health().ready()).isTrue();
        assertThat(second.health().reasons().getFirst()).contains("last good configuration");
        assertThat(events.texts(EventTag.CONFREFUSED))
                .singleElement()
                .asString()
                .contains("last good")
                .contains("weir.yaml:3:5");
    }

    @Test
    void remembersTheConfigurationItStartedWithOnceItHasTime() throws RefusedException {
        start(source).tick();
        source.breakWith("typo");
        assertThat(start(source.afterRestart()).config()).isEqualTo(FOUR);
    }

    @Test
    void startsWithTheLastGoodConfigurationWhenTheNewOneMakesThePlaneFail()
            throws RefusedException {
        start(source).tick();
        source.set(FIVE);
        Control second =
                Control.start(
                        source,
                        (config, overlay) -> {
                            if (config.equals(FIVE)) {
                                throw new IllegalStateException("bug");
                            }
                            return new RecordingPlane(config, overlay);
                        },
                        new OverlayStore(state),
                        new LastGood(state),
                        events,
                        ticker);
        assertThat(second.config()).isEqualTo(FOUR);
        assertThat(events.texts(EventTag.CONFREFUSED)).singleElement().asString().contains("bug");
    }

    @Test
    void startsWithTheLastGoodConfigurationWhenThePlaneRefusesTheNewOne() throws RefusedException {
        start(source).tick();
        source.set(FIVE);
        Control second =
                Control.start(
                        source,
                        (config, overlay) -> {
                            if (config.equals(FIVE)) {
                                throw new RefusedException(
                                        new ControlProblem.NotApplied("port in use", List.of()));
                            }
                            return new RecordingPlane(config, overlay);
                        },
                        new OverlayStore(state),
                        new LastGood(state),
                        events,
                        ticker);
        assertThat(second.config()).isEqualTo(FOUR);
    }

    @Test
    void doesNotStartWithNothingGood() {
        source.breakWith("typo");
        assertThat(refusal(() -> start(source)))
                .isInstanceOf(ControlProblem.BadConfiguration.class);
    }

    @Test
    void recoversFromTheLastGoodConfigurationWhenTheFileIsMended() throws RefusedException {
        start(source).tick();
        source.breakWith("typo");
        SettableSource next = source.afterRestart();
        Control second = start(next);
        next.set(FIVE);
        second.reload(ReloadRequest.IF_NEW, ALICE);
        assertThat(second.config()).isEqualTo(FIVE);
        assertThat(second.health().degraded()).isFalse();
    }

    @Test
    void keepsADrainOverAKill() throws RefusedException {
        start(source).setNode(drain("a:80"), ALICE);

        start(source.afterRestart());

        assertThat(plane().overlay().stateOf("web", Configs.nodes(FOUR, "web").get(0)))
                .isEqualTo(State.DRAINING);
    }

    @Test
    void raisesAnEventWhenTheOverlayIsDamaged() throws RefusedException, IOException {
        start(source).setNode(drain("a:80"), ALICE);
        Files.writeString(state.resolve("overlay"), "rubbish");
        events.clear();

        Control second = start(source.afterRestart());

        assertThat(second.overlay().entries()).isEmpty();
        assertThat(events.texts(EventTag.OVERLAYLOST)).hasSize(1);
        assertThat(second.health().degraded()).isTrue();
    }

    @Test
    void endsADecisionWhenItsTimeIsOver() throws RefusedException {
        Control control = start(source);
        control.setNode(drainFor("a:80", Duration.ofMinutes(5)), ALICE);
        ticker.advance(Duration.ofMinutes(4));
        control.tick();
        assertThat(control.overlay().entries()).hasSize(1);

        ticker.advance(Duration.ofMinutes(1));
        control.tick();

        assertThat(control.overlay().entries()).isEmpty();
        assertThat(plane().overlay().entries()).isEmpty();
        assertThat(new OverlayStore(state).load().overlay().entries()).isEmpty();
        assertThat(events.texts(EventTag.OVERLAYCHANGE).getLast())
                .contains("draining for node a:80")
                .contains("alice")
                .contains("is over");
    }

    @Test
    void doesNotTakeUpADecisionThatEndedWhileItWasDown() throws RefusedException {
        start(source).setNode(drainFor("a:80", Duration.ofMinutes(5)), ALICE);
        ticker.advance(Duration.ofMinutes(6));
        assertThat(start(source.afterRestart()).overlay().entries()).isEmpty();
    }

    @Test
    void followsADecisionThatTheDiskRefusesAndWritesItLater() throws RefusedException, IOException {
        Control control = start(source);
        Path inTheWay = Files.createDirectories(state.resolve("overlay.new/x"));

        NodeChange change = control.setNode(drain("a:80"), ALICE);

        assertThat(change.saved()).isFalse();
        assertThat(plane().overlay().entries()).hasSize(1);
        assertThat(control.health().reasons()).singleElement().asString().contains("not saved");
        assertThat(events.texts(EventTag.OVERLAYCHANGE).getLast()).contains("NOT SAVED");

        Files.delete(inTheWay);
        control.tick();
        assertThat(control.health().degraded()).isFalse();
        assertThat(new OverlayStore(state).load().overlay().entries()).hasSize(1);
    }

    @Test
    void refusesADecisionMadeUponAnOlderOverlay() throws RefusedException {
        Control control = start(source);
        long seen = control.status().overlayRevision();
        control.setNode(drain("a:80"), ALICE);
        assertThat(refusal(() -> control.setNodes(List.of(drain("b:80")), seen, ALICE)))
                .isInstanceOf(ControlProblem.Conflict.class);
        assertThat(control.overlay().entries()).hasSize(1);
    }

    @Test
    void followsAllCommandsOrNone() throws RefusedException {
        Control control = start(source);
        assertThat(
                        refusal(
                                () ->
                                        control.setNodes(
                                                List.of(drain("a:80"), drain("nobody:80")),
                                                null,
                                                ALICE)))
                .isInstanceOf(ControlProblem.NotFound.class);
        assertThat(control.overlay().entries()).isEmpty();
        assertThat(plane().overlayChanges()).isZero();
    }

    @Test
    void countsOverlayRevisionsOverRestarts() throws RefusedException {
        Control first = start(source);
        first.setNode(drain("a:80"), ALICE);
        first.setNode(drain("b:80"), ALICE);
        assertThat(start(source.afterRestart()).status().overlayRevision()).isEqualTo(2);
    }

    @Test
    void tellsSinceWhenSomethingIsWorseAndWhoseTrafficSuffers() throws RefusedException {
        Control control = start(source);
        Instant began = ticker.now();
        Instant ended = began.minusSeconds(3600);
        control.report("metrics listener", "cannot listen on 127.0.0.1:9080");
        source.breakWith("typo");
        refusal(() -> control.reload(ReloadRequest.PLAIN, ALICE));
        plane().expire(
                        new Watched(
                                Watched.Kind.CERTIFICATE,
                                "a",
                                "the certificate 'a'",
                                ended,
                                List.of(ObjectRef.virtualServer("web"))));
        ticker.advance(Duration.ofMinutes(5));
        control.report("metrics listener", "cannot listen on 127.0.0.1:9081");
        refusal(() -> control.reload(ReloadRequest.PLAIN, ALICE));
        assertThat(control.health().causes())
                .extracting(Cause::since)
                .containsExactly(began, began, ended);
        assertThat(control.health().causes())
                .endsWith(
                        new Cause(
                                "the certificate 'a' of web has expired",
                                "virtual-servers/web",
                                ended))
                .element(1)
                .isEqualTo(
                        new Cause(
                                "metrics listener: cannot listen on 127.0.0.1:9081", null, began));
    }

    @Test
    void tellsWhatIsWorseThanItShouldBe() throws RefusedException {
        Control control = start(source);
        control.report("metrics listener", "cannot listen on 127.0.0.1:9080");
        plane().down("a:80");
        assertThat(control.health().ready()).isTrue();
        assertThat(control.health().reasons())
                .containsExactly(
                        "metrics listener: cannot listen on 127.0.0.1:9080",
                        "node a:80 in pool web is down: connection refused");
        for (String node : List.of("b:80", "c:80", "d:80")) {
            plane().down(node);
        }
        assertThat(control.health().causes())
                .contains(
                        new Cause("pool web has no usable node", "pools/web", RecordingPlane.DIED));
        control.report("metrics listener", null);
        assertThat(control.health().reasons()).doesNotContain("metrics listener");
    }

    @Test
    void isNotReadyOnceItStopsAndTakesNoMoreChanges() throws Exception {
        CountDownLatch mayStop = new CountDownLatch(1);
        Control control =
                Control.start(
                        source,
                        (config, overlay) -> new RecordingPlane(config, overlay, mayStop),
                        new OverlayStore(state),
                        null,
                        events,
                        ticker);
        Thread stopping = Thread.startVirtualThread(() -> control.stop(null, ALICE));
        while (control.health().ready()) {
            Thread.onSpinWait();
        }
        assertThat(refusal(() -> control.setNode(drain("a:80"), ALICE)))
                .isInstanceOf(ControlProblem.Unavailable.class);
        assertThat(refusal(() -> control.reload(ReloadRequest.PLAIN, ALICE)))
                .isInstanceOf(ControlProblem.Unavailable.class);
        mayStop.countDown();
        control.awaitStop();
        stopping.join();
        assertThat(events.tags()).endsWith(EventTag.STOPPING);
    }

    @Test
    void stopsWithinTheTimeThatTheConfigurationGives() throws RefusedException {
        Control control = start(source);
        control.stop(null, ALICE);
        assertThat(plane().stopDeadline()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void goesOnWhenAFollowerFails() throws RefusedException {
        Control control = start(source);
        control.follow(
                config -> {
                    throw new IllegalStateException("broken follower");
                });
        source.set(FIVE);
        assertThat(control.reload(ReloadRequest.PLAIN, ALICE).applied()).isTrue();
        assertThat(events.texts(EventTag.INTERNALERROR)).hasSize(2);
    }

    @Test
    void makesChangesOfManyThreadsOneAfterAnother() throws Exception {
        Control control = start(source);
        AtomicInteger failures = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String node = "abcd".charAt(i % 4) + ":80";
            boolean draining = i < 4;
            threads.add(
                    Thread.startVirtualThread(
                            () -> {
                                for (int round = 0; round < 10; round++) {
                                    try {
                                        control.setNode(
                                                new NodeCommand(
                                                        null,
                                                        address(node),
                                                        draining
                                                                ? new NodeCommand.Drain()
                                                                : new NodeCommand.Weight(5),
                                                        null,
                                                        "round " + round,
                                                        null),
                                                ALICE);
                                        control.status();
                                    } catch (RefusedException | RuntimeException e) {
                                        failures.incrementAndGet();
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).hasValue(0);
        assertThat(control.overlay().entries()).hasSize(8);
        assertThat(control.status().overlayRevision()).isEqualTo(80);
        assertThat(plane().overlay()).isEqualTo(control.overlay());
        assertThat(new OverlayStore(state).load().overlay()).isEqualTo(control.overlay());
    }

    private Control start(SettableSource from) throws RefusedException {
        return Control.start(
                from,
                (config, overlay) -> {
                    RecordingPlane made = new RecordingPlane(config, overlay);
                    plane = made;
                    return made;
                },
                new OverlayStore(state),
                new LastGood(state),
                events,
                ticker);
    }

    private RecordingPlane plane() {
        return Objects.requireNonNull(plane);
    }

    private NodeCommand drainFor(String node, Duration time) {
        return new NodeCommand(
                null, address(node), new NodeCommand.Drain(), null, "", ticker.now().plus(time));
    }

    private static NodeCommand drain(String node) {
        return NodeCommand.of(address(node), new NodeCommand.Drain());
    }

    private static io.weir.config.NodeAddress address(String node) {
        return Objects.requireNonNull(NodeAddresses.parse(node));
    }

    private interface Call {
        @Nullable Object run() throws RefusedException;
    }

    private static ControlProblem refusal(Call call) {
        try {
            call.run();
        } catch (RefusedException e) {
            return e.problem();
        }
        throw new AssertionError("expected a refusal, and the call went through");
    }
}
