package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.MonitorConfig;
import io.weir.config.MonitorConfig.Http;
import io.weir.config.MonitorConfig.Probe;
import io.weir.config.MonitorConfig.Scope;
import io.weir.config.NodeAddress;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.monitor.MonitorStatus.State;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What monitors do and tell, on a clock that the test moves. */
class MonitorsTest {

    private static final NodeAddress A = new NodeAddress("10.0.0.1", 80);
    private static final NodeAddress B = new NodeAddress("10.0.0.2", 80);
    private static final NodeAddress MACHINE = new NodeAddress("10.0.0.9", 25);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTimer timer = new ManualTimer();
    private final Events events = new Events();
    private final List<String> told = new ArrayList<>();
    private final List<String> retracted = new ArrayList<>();
    private final Set<NodeAddress> bad = new HashSet<>();
    private final Map<NodeAddress, Integer> checked = new HashMap<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private boolean holding;
    private Runnable duringCheck = () -> {};

    private final MonitorSink sink =
            new MonitorSink() {
                @Override
                public void result(
                        String pool,
                        @Nullable NodeAddress node,
                        String monitor,
                        boolean ok,
                        @Nullable String cause) {
                    told.add(
                            pool
                                    + " "
                                    + node
                                    + " "
                                    + monitor
                                    + " "
                                    + (ok ? "ok" : "failed")
                                    + (cause == null ? "" : ": " + cause));
                }

                @Override
                public void retracted(String pool, @Nullable NodeAddress node, String monitor) {
                    retracted.add(pool + " " + node + " " + monitor);
                }
            };

    private final Monitors monitors =
            new Monitors(
                    this::check,
                    sink,
                    events,
                    timer,
                    () -> 0L, // the first delay is a half one
                    this::run,
                    timer);

    private Check check(Probe probe) {
        return (node, _) -> {
            checked.merge(node, 1, Integer::sum);
            duringCheck.run();
            return bad.contains(node)
                    ? CheckResult.failed("nothing from " + probe)
                    : CheckResult.passed("fine");
        };
    }

    private void run(Runnable check) {
        if (holding) {
            held.add(check);
        } else {
            check.run();
        }
    }

    /** Takes what was told since the last call. */
    private List<String> told() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    private int checks(NodeAddress node) {
        return checked.getOrDefault(node, 0);
    }

    private static MonitorConfig monitor(String name) {
        return monitor(name, Scope.PER_NODE, null, new MonitorConfig.Connect(), false);
    }

    private static MonitorConfig monitor(
            String name, Scope scope, @Nullable NodeAddress machine, Probe probe, boolean backOff) {
        return new MonitorConfig(
                name,
                scope,
                machine,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                3,
                backOff,
                false,
                probe,
                null);
    }

    private static Assignment assign(String pool, String monitor, NodeAddress... nodes) {
        return new Assignment(pool, monitor, List.of(nodes));
    }

    private void apply(MonitorConfig config, Assignment... assignments) {
        apply(Map.of(config.name(), config), assignments);
    }

    private void apply(Map<String, MonitorConfig> configs, Assignment... assignments) {
        monitors.apply(configs, Arrays.asList(assignments));
        timer.settle();
    }

    private MonitorStatus status(NodeAddress node) {
        return monitors.status().stream()
                .filter(line -> node.equals(line.node()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void checksAtOnceAndThenOnceEveryDelay() {
        apply(monitor("m"), assign("web", "m", A));
        assertThat(checks(A)).isEqualTo(1);
        timer.advance(SECOND); // the first delay is shorter, by chance
        assertThat(checks(A)).isEqualTo(2);
        timer.advance(Duration.ofMillis(1999));
        assertThat(checks(A)).isEqualTo(2);
        timer.advance(Duration.ofMillis(1));
        assertThat(checks(A)).isEqualTo(3);
        timer.advance(Duration.ofSeconds(200));
        assertThat(checks(A)).isEqualTo(103);
    }

    @Test
    void tellsTheFirstResultAndThenOnlyChanges() {
        bad.add(B);
        apply(monitor("m"), assign("web", "m", A, B));
        assertThat(told())
                .containsExactly(
                        "web 10.0.0.1:80 m ok", "web 10.0.0.2:80 m failed: nothing from Connect[]");
        timer.advance(Duration.ofSeconds(20));
        assertThat(told()).isEmpty();
        bad.add(A);
        bad.remove(B);
        timer.advance(Duration.ofSeconds(20));
        assertThat(told())
                .containsExactly(
                        "web 10.0.0.2:80 m ok", "web 10.0.0.1:80 m failed: nothing from Connect[]");
    }

    @Test
    void failsANodeOnlyAfterThreeFailuresInARow() {
        apply(monitor("m"), assign("web", "m", A));
        timer.advance(SECOND);
        bad.add(A);
        timer.advance(Duration.ofSeconds(4));
        assertThat(status(A).failures()).isEqualTo(2);
        bad.remove(A);
        timer.advance(Duration.ofSeconds(2));
        assertThat(status(A).failures()).isZero();
        bad.add(A);
        timer.advance(Duration.ofSeconds(4));
        assertThat(status(A).state()).isEqualTo(State.OK);
        timer.advance(Duration.ofSeconds(2));
        assertThat(status(A).state()).isEqualTo(State.FAILED);
    }

    @Test
    void raisesOneEventForEachChangeHoweverManyPoolsAreConcerned() {
        apply(monitor("m"), assign("web", "m", A), assign("api", "m", A));
        assertThat(events.all()).isEmpty();
        bad.add(A);
        timer.advance(Duration.ofSeconds(30));
        bad.remove(A);
        timer.advance(Duration.ofSeconds(30));
        ObjectRef[] objects = {
            ObjectRef.monitor("m"),
            ObjectRef.node("10.0.0.1:80"),
            ObjectRef.pool("web"),
            ObjectRef.pool("api")
        };
        assertThat(events.all())
                .containsExactly(
                        new Event(
                                Instant.EPOCH,
                                EventTag.MONITORFAIL,
                                List.of(objects),
                                "Monitor m: 10.0.0.1:80 failed 3 checks in a row: nothing from"
                                        + " Connect[]"),
                        new Event(
                                Instant.EPOCH,
                                EventTag.MONITOROK,
                                List.of(objects),
                                "Monitor m: 10.0.0.1:80 is well again: fine"));
    }

    @Test
    void raisesAnEventForANodeThatWasNeverWell() {
        bad.add(A);
        apply(monitor("m"), assign("web", "m", A));
        assertThat(events.all())
                .extracting(Event::text)
                .containsExactly("Monitor m: 10.0.0.1:80 failed its check: nothing from Connect[]");
    }

    @Test
    void checksANodeOfSeveralPoolsOnceAndTellsEach() {
        apply(monitor("m"), assign("web", "m", A), assign("api", "m", A, B));
        assertThat(checks(A)).isEqualTo(1);
        assertThat(told())
                .containsExactly(
                        "web 10.0.0.1:80 m ok", "api 10.0.0.1:80 m ok", "api 10.0.0.2:80 m ok");
    }

    @Test
    void aNodeThatHangsHasFailedAfterThreeDelaysAndOneTimeout() {
        apply(monitor("m"), assign("web", "m", A));
        timer.advance(SECOND);
        told();
        holding = true; // just after a check has passed
        timer.advance(Duration.ofMillis(3 * 2000 + 5000 - 1));
        assertThat(told()).isEmpty();
        timer.advance(Duration.ofMillis(501));
        assertThat(told()).containsExactly("web 10.0.0.1:80 m failed: no result within 5 s");
    }

    @Test
    void aNodeThatHungIsBackAfterADelayAndATimeout() {
        apply(monitor("m"), assign("web", "m", A));
        holding = true;
        timer.advance(Duration.ofSeconds(60));
        told();
        for (int phase = 0; phase < 100; phase++) {
            holding = true;
            timer.advance(Duration.ofSeconds(30).plusMillis(77L * phase));
            assertThat(status(A).state()).isEqualTo(State.FAILED);
            told();
            holding = false;
            timer.advance(Duration.ofSeconds(2 + 5));
            assertThat(told()).containsExactly("web 10.0.0.1:80 m ok");
        }
    }

    @Test
    void runsNoMoreChecksOfANodeAtOnceThanFailuresAreAllowed() {
        MonitorConfig slow =
                new MonitorConfig(
                        "m",
                        Scope.PER_NODE,
                        null,
                        SECOND,
                        Duration.ofHours(1),
                        3,
                        false,
                        false,
                        new MonitorConfig.Connect(),
                        null);
        holding = true;
        apply(slow, assign("web", "m", A));
        timer.advance(Duration.ofMinutes(5));
        assertThat(held).hasSize(3);
        held.remove().run();
        timer.settle();
        assertThat(held).as("the place is taken at once").hasSize(3);
    }

    @Test
    void takesNoNoticeOfTheResultOfACheckThatWasGivenUp() {
        holding = true;
        duringCheck = () -> timer.advance(Duration.ofMillis(5500));
        apply(monitor("m"), assign("web", "m", A));
        held.remove().run();
        assertThat(Thread.interrupted()).as("an interrupt is left for others").isFalse();
        timer.settle();
        assertThat(checks(A)).isEqualTo(1);
        assertThat(told()).containsExactly("web 10.0.0.1:80 m failed: no result within 5 s");
    }

    @Test
    void doesNotBeginACheckThatWasGivenUp() {
        holding = true;
        apply(monitor("m"), assign("web", "m", A));
        timer.advance(Duration.ofMillis(5500));
        assertThat(told()).containsExactly("web 10.0.0.1:80 m failed: no result within 5 s");
        held.remove().run();
        timer.settle();
        assertThat(told()).isEmpty();
        assertThat(checks(A)).isZero();
    }

    @Test
    void backsOffFromAFailedNodeAndIsBackInStepOnceItIsWell() {
        bad.add(A);
        apply(
                monitor("m", Scope.PER_NODE, null, new MonitorConfig.Connect(), true),
                assign("web", "m", A));
        timer.advance(Duration.ofMinutes(10));
        int before = checks(A);
        timer.advance(Duration.ofSeconds(20));
        assertThat(checks(A)).as("ten delays").isEqualTo(before + 1);
        bad.remove(A);
        timer.advance(Duration.ofSeconds(20));
        assertThat(status(A).state()).isEqualTo(State.OK);
        int after = checks(A);
        timer.advance(Duration.ofSeconds(20));
        assertThat(checks(A)).isEqualTo(after + 10);
    }

    @Test
    void anUnchangedAssignmentKeepsItsVerdictAndItsRhythm() {
        apply(monitor("m"), assign("web", "m", A));
        timer.advance(SECOND);
        bad.add(A);
        timer.advance(Duration.ofSeconds(4));
        assertThat(status(A).failures()).isEqualTo(2);
        told();
        int before = checks(A);
        apply(monitor("m"), assign("web", "m", A, B));
        assertThat(checks(A)).isEqualTo(before);
        assertThat(status(A).failures()).isEqualTo(2);
        assertThat(told()).containsExactly("web 10.0.0.2:80 m ok");
        timer.advance(Duration.ofSeconds(2));
        assertThat(checks(A)).isEqualTo(before + 1);
        assertThat(status(A).state()).isEqualTo(State.FAILED);
    }

    @Test
    void tellsAPoolThatJoinsWhatIsKnown() {
        bad.add(A);
        apply(monitor("m"), assign("web", "m", A, B));
        told();
        apply(monitor("m"), assign("web", "m", A, B), assign("api", "m", A, B));
        assertThat(checks(A)).isEqualTo(1);
        assertThat(told())
                .containsExactly(
                        "api 10.0.0.1:80 m failed: nothing from Connect[]", "api 10.0.0.2:80 m ok");
        assertThat(events.count(EventTag.MONITORFAIL, "10.0.0.1")).isEqualTo(1);
    }

    @Test
    void anotherScopeEndsTheVerdictsOfTheOldOne() {
        MonitorConfig wide =
                monitor("m", Scope.POOL_WIDE, MACHINE, new MonitorConfig.Connect(), false);
        bad.add(A);
        bad.add(MACHINE);
        apply(monitor("m"), assign("web", "m", A, B));

        apply(wide, assign("web", "m", A, B));
        assertThat(retracted).containsExactlyInAnyOrder("web 10.0.0.1:80 m", "web 10.0.0.2:80 m");

        retracted.clear();
        apply(monitor("m"), assign("web", "m", A, B));
        assertThat(retracted).containsExactly("web null m");
    }

    @Test
    void whatWasNeverToldIsNotRetracted() {
        holding = true;
        apply(monitor("m"), assign("web", "m", A));
        apply(monitor("m"), assign("api", "m", A));
        apply(monitor("m"));

        assertThat(retracted).isEmpty();
    }

    @Test
    void tellsAPoolThatLeftNothingMore() {
        apply(monitor("m"), assign("web", "m", A), assign("api", "m", A));
        apply(monitor("m"), assign("api", "m", A));
        assertThat(retracted).containsExactly("web 10.0.0.1:80 m");
        told();
        bad.add(A);
        timer.advance(Duration.ofSeconds(10));
        assertThat(told()).containsExactly("api 10.0.0.1:80 m failed: nothing from Connect[]");
    }

    @Test
    void stopsCheckingANodeThatIsNotAssignedAnyMoreAndBeginsAfreshWhenItIs() {
        bad.add(A);
        apply(monitor("m"), assign("web", "m", A, B));
        holding = true;
        timer.advance(SECOND);
        apply(monitor("m"), assign("web", "m", B));
        told();
        holding = false;
        held.forEach(Runnable::run);
        int before = checks(A);
        timer.advance(Duration.ofSeconds(60));
        assertThat(checks(A)).isEqualTo(before);
        assertThat(told()).isEmpty();
        assertThat(monitors.status()).hasSize(1);
        apply(monitor("m"), assign("web", "m", A, B));
        assertThat(checks(A)).isEqualTo(before + 1);
        assertThat(told()).containsExactly("web 10.0.0.1:80 m failed: nothing from Connect[]");
    }

    @Test
    void changedSettingsAreTriedAtOnceAndTheVerdictStandsUntilThen() {
        bad.add(A);
        apply(monitor("m"), assign("web", "m", A));
        told();
        bad.remove(A);
        Http http = new Http("/", null, null, "200", null);
        holding = true;
        apply(monitor("m", Scope.PER_NODE, null, http, false), assign("web", "m", A));
        assertThat(status(A).state()).isEqualTo(State.FAILED);
        held.remove().run();
        timer.settle();
        assertThat(told()).containsExactly("web 10.0.0.1:80 m ok");
        assertThat(events.count(EventTag.MONITOROK, "10.0.0.1")).isEqualTo(1);
    }

    @Test
    void failuresUnderOtherSettingsDoNotCount() {
        apply(monitor("m"), assign("web", "m", A));
        timer.advance(SECOND);
        bad.add(A);
        timer.advance(Duration.ofSeconds(4));
        Http http = new Http("/", null, null, "200", null);
        apply(monitor("m", Scope.PER_NODE, null, http, false), assign("web", "m", A));
        assertThat(status(A).failures()).isEqualTo(1);
        assertThat(status(A).state()).isEqualTo(State.OK);
    }

    @Test
    void checksTheMachineOfAPoolWideMonitorForTheWholePool() {
        bad.add(MACHINE);
        MonitorConfig wide =
                monitor("w", Scope.POOL_WIDE, MACHINE, new MonitorConfig.Connect(), false);
        apply(wide, assign("web", "w", A, B), assign("api", "w"));
        assertThat(checked).containsExactly(Map.entry(MACHINE, 1));
        assertThat(told())
                .containsExactly(
                        "web null w failed: nothing from Connect[]",
                        "api null w failed: nothing from Connect[]");
        assertThat(events.all())
                .extracting(Event::objects)
                .containsExactly(
                        List.of(
                                ObjectRef.monitor("w"),
                                ObjectRef.pool("web"),
                                ObjectRef.pool("api")));
    }

    @Test
    void aPoolThatChokesOnAVerdictKeepsItFromNobodyElse() {
        List<String> others = new ArrayList<>();
        Monitors choking =
                new Monitors(
                        this::check,
                        new MonitorSink() {
                            @Override
                            public void result(
                                    String pool,
                                    @Nullable NodeAddress node,
                                    String monitor,
                                    boolean ok,
                                    @Nullable String cause) {
                                take(pool);
                            }

                            @Override
                            public void retracted(
                                    String pool, @Nullable NodeAddress node, String monitor) {
                                take(pool);
                            }

                            private void take(String pool) {
                                if (pool.equals("web")) {
                                    throw new IllegalStateException("choked");
                                }
                                others.add(pool);
                            }
                        },
                        events,
                        timer,
                        () -> 0L,
                        this::run,
                        timer);
        choking.apply(
                Map.of("m", monitor("m")), List.of(assign("web", "m", A), assign("api", "m", A)));
        timer.advance(Duration.ofSeconds(3));
        assertThat(others).containsExactly("api");
        assertThat(checks(A)).isEqualTo(3);
        choking.apply(Map.of(), List.of());
        timer.settle();
        assertThat(others).as("the retraction too").containsExactly("api", "api");
    }

    @Test
    void takesACheckThatBreaksDownForAFailure() {
        Monitors broken =
                new Monitors(
                        _ ->
                                (_, _) -> {
                                    throw new IllegalStateException("bug");
                                },
                        sink,
                        events,
                        timer,
                        () -> 0L,
                        this::run,
                        timer);
        broken.apply(Map.of("m", monitor("m")), List.of(assign("web", "m", A)));
        timer.settle();
        assertThat(told())
                .containsExactly(
                        "web 10.0.0.1:80 m failed: check broke down:"
                                + " java.lang.IllegalStateException: bug");
    }

    @Test
    void rejectsWhatCannotBeRunAndChangesNothing() {
        apply(monitor("m"), assign("web", "m", A));
        assertThatThrownBy(() -> apply(monitor("m"), assign("web", "n", B)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pool web uses monitor n, expected one of [m]");
        MonitorConfig wide = monitor("w", Scope.POOL_WIDE, null, new MonitorConfig.Ping(), false);
        assertThatThrownBy(() -> apply(wide, assign("web", "w")))
                .hasMessage("monitor w: machine is missing, a pool-wide one needs it");
        MonitorConfig hasty =
                new MonitorConfig(
                        "h",
                        Scope.PER_NODE,
                        null,
                        Duration.ZERO,
                        SECOND,
                        3,
                        false,
                        false,
                        new MonitorConfig.Ping(),
                        null);
        assertThatThrownBy(() -> apply(hasty, assign("web", "h", B)))
                .hasMessage("monitor h: delay is PT0S, expected more than 0");
        timer.advance(SECOND);
        assertThat(checked).containsExactly(Map.entry(A, 2));
    }

    @Test
    void showsWhatItKnows() {
        bad.add(B);
        Map<String, MonitorConfig> both = new LinkedHashMap<>();
        both.put("m", monitor("m"));
        both.put("w", monitor("w", Scope.POOL_WIDE, MACHINE, new MonitorConfig.Ping(), false));
        holding = true;
        apply(both, assign("web", "w"), assign("web", "m", B, A), assign("api", "m", B));
        assertThat(monitors.status())
                .containsExactly(
                        new MonitorStatus("m", "api", B, State.UNCHECKED, 0, null, null, null),
                        new MonitorStatus("m", "web", A, State.UNCHECKED, 0, null, null, null),
                        new MonitorStatus("m", "web", B, State.UNCHECKED, 0, null, null, null),
                        new MonitorStatus("w", "web", null, State.UNCHECKED, 0, null, null, null));
        held.forEach(Runnable::run);
        timer.settle();
        Instant now = timer.now();
        String cause = "nothing from Connect[]";
        assertThat(monitors.status())
                .containsExactly(
                        new MonitorStatus(
                                "m", "api", B, State.FAILED, 1, cause, now, Duration.ZERO),
                        new MonitorStatus("m", "web", A, State.OK, 0, "fine", now, Duration.ZERO),
                        new MonitorStatus(
                                "m", "web", B, State.FAILED, 1, cause, now, Duration.ZERO),
                        new MonitorStatus(
                                "w", "web", null, State.OK, 0, "fine", now, Duration.ZERO));
    }

    @Test
    void tellsNothingOnceStopped() {
        apply(monitor("m"), assign("web", "m", A));
        told();
        bad.add(A);
        holding = true;
        timer.advance(SECOND);
        monitors.stop();
        monitors.stop();
        held.forEach(Runnable::run);
        holding = false;
        apply(monitor("m"), assign("web", "m", B));
        timer.advance(Duration.ofMinutes(1));
        assertThat(told()).isEmpty();
        assertThat(retracted).isEmpty();
        assertThat(checked).containsExactly(Map.entry(A, 1));
    }
}
