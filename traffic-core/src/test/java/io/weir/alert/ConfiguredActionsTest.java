package io.weir.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.ActionConfig;
import io.weir.config.EventTypeConfig;
import io.weir.config.Secret;
import io.weir.control.ActionStatus;
import io.weir.control.ActionTest;
import io.weir.event.BoundedEventBus;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.event.Severity;
import io.weir.metrics.Metrics;
import io.weir.testkit.Await;
import io.weir.testkit.HttpReceiver;
import io.weir.testkit.ManualTicker;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

class ConfiguredActionsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private final BoundedEventBus bus = BoundedEventBus.start(Ticker.system());
    private final List<HttpReceiver> receivers = new ArrayList<>();
    private final List<ConfiguredActions> started = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        for (ConfiguredActions actions : started) {
            actions.stop(DEADLINE);
        }
        receivers.forEach(HttpReceiver::close);
        bus.close();
    }

    private HttpReceiver receiver() {
        HttpReceiver receiver = HttpReceiver.start();
        receivers.add(receiver);
        return receiver;
    }

    private ConfiguredActions start() {
        ConfiguredActions actions =
                ConfiguredActions.start(
                        bus, directory, directory.resolve("alerts"), "machine", ticker);
        started.add(actions);
        return actions;
    }

    private static ActionConfig webhook(String name, HttpReceiver receiver) {
        return webhook(name, receiver, Duration.ofSeconds(30), 10);
    }

    private static ActionConfig webhook(
            String name, HttpReceiver receiver, Duration timeout, int attempts) {
        return new ActionConfig(
                name,
                timeout,
                attempts,
                false,
                null,
                new ActionConfig.Webhook(
                        receiver.url("/" + name),
                        null,
                        ActionConfig.Webhook.Format.GENERIC,
                        "{{text}}",
                        "text/plain",
                        List.of(),
                        new Secret("token"),
                        null,
                        null));
    }

    private static EventTypeConfig all(String... actions) {
        return new EventTypeConfig(
                "all",
                List.of("*"),
                List.of(),
                Severity.INFO,
                List.of(),
                List.of(),
                null,
                List.of(actions),
                null);
    }

    private void emit(String text) throws InterruptedException {
        bus.emit(EventTag.NODEFAIL, text, ObjectRef.pool("web"));
        assertThat(bus.flush(DEADLINE)).isTrue();
    }

    private static ActionStatus status(ConfiguredActions actions, String name) {
        return actions.list().stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
    }

    private List<Event> events(EventTag tag) {
        return bus.recent(1000).stream().filter(e -> e.tag() == tag).toList();
    }

    @Test
    void aReceiverThatIsDeadOrHangsDelaysNobodyAndGetsTheEventByRetry() throws Exception {
        HttpReceiver good = receiver();
        HttpReceiver hanging = receiver();
        HttpReceiver failing = receiver();
        hanging.hang();
        failing.answer(503, "not today");
        ConfiguredActions actions = start();
        Map<String, String> troubles = new ConcurrentHashMap<>();
        actions.reportTo((what, trouble) -> note(troubles, what, trouble));
        actions.apply(
                List.of(all("hanging", "failing", "good")),
                List.of(
                        webhook("hanging", hanging, Duration.ofMillis(300), 10),
                        webhook("failing", failing),
                        webhook("good", good)));
        emit("one");
        emit("two");

        assertThat(good.await(2)).extracting(HttpReceiver.Received::body).contains("one", "two");
        failing.await(1);
        Await.until("both in trouble", () -> troubles.size() == 2);
        assertThat(troubles.get("action failing")).contains("503").contains("not today");
        assertThat(troubles.get("action hanging")).contains("300 ms");
        assertThat(status(actions, "failing").queued()).isEqualTo(2);
        assertThat(events(EventTag.ACTIONFAIL)).hasSize(2);

        failing.answer(200, "");
        hanging.answer(200, "");
        // A machine that is busy answers too late once more.
        Await.until(
                "retries",
                () -> {
                    ticker.advance(Duration.ofMillis(100));
                    return status(actions, "failing").sent() == 2
                            && status(actions, "hanging").sent() == 2;
                });
        assertThat(troubles).isEmpty();
        assertThat(events(EventTag.ACTIONOK)).hasSize(2);
        assertThat(failing.received().getLast().body()).isEqualTo("two");
        assertThat(failing.received().getLast().fields())
                .containsEntry("authorization", "Bearer token");
    }

    private static void note(Map<String, String> troubles, String what, @Nullable String trouble) {
        if (trouble == null) {
            troubles.remove(what);
        } else {
            troubles.put(what, trouble);
        }
    }

    @Test
    void waitsGrowAndAfterTheLastAttemptAnEventIsGivenUp() throws Exception {
        HttpReceiver failing = receiver();
        failing.answer(500, "");
        ConfiguredActions actions = start();
        actions.apply(
                List.of(all("hook")), List.of(webhook("hook", failing, Duration.ofSeconds(30), 3)));
        emit("one");
        Instant begin = ticker.now();
        Await.until(
                "given up",
                () -> {
                    ticker.advance(Duration.ofMillis(10));
                    return status(actions, "hook").failed() == 1;
                });

        // A second before the second attempt, two more before the third.
        assertThat(Duration.between(begin, ticker.now())).isGreaterThan(Duration.ofSeconds(3));
        assertThat(failing.received()).hasSize(3);
        assertThat(status(actions, "hook").queued()).isZero();
    }

    @Test
    void aReceiverThatAsksForTimeGetsIt() throws Exception {
        HttpReceiver busy = receiver();
        busy.answer(429, "Retry-After", "60");
        ConfiguredActions actions = start();
        actions.apply(List.of(all("hook")), List.of(webhook("hook", busy)));
        emit("one");
        Await.until("trouble", () -> status(actions, "hook").trouble() != null);
        busy.answer(200, "");
        ticker.advance(Duration.ofSeconds(59));
        emit("two");
        assertThat(status(actions, "hook").sent()).isZero();
        ticker.advance(Duration.ofSeconds(1));
        Await.until("both sent", () -> status(actions, "hook").sent() == 2);
        assertThat(busy.received()).hasSize(3);
    }

    @Test
    void whatIsRefusedForGoodIsNotTriedAgain() throws Exception {
        HttpReceiver strict = receiver();
        strict.answer(400, "bad\u0007thing");
        ConfiguredActions actions = start();
        actions.apply(List.of(all("hook")), List.of(webhook("hook", strict)));
        emit("one");
        Await.until("failed", () -> status(actions, "hook").failed() == 1);
        strict.answer(200, "");
        emit("two");
        Await.until("sent", () -> status(actions, "hook").sent() == 1);

        assertThat(strict.received()).hasSize(2);
        assertThat(events(EventTag.ACTIONFAIL).getFirst().text())
                .contains("400")
                .contains("given up")
                .doesNotContain("\u0007");
        // The action is not told of itself.
        assertThat(strict.received()).noneMatch(r -> r.body().contains("Action hook"));
    }

    @Test
    void aChangedActionTakesOverWhatItsPredecessorCouldNotDeliver() throws Exception {
        HttpReceiver away = receiver();
        HttpReceiver there = receiver();
        away.answer(503, "");
        ConfiguredActions actions = start();
        actions.apply(List.of(all("hook")), List.of(webhook("hook", away)));
        emit("one");
        emit("two");
        away.await(1);
        actions.apply(List.of(all("hook")), List.of(webhook("hook", there)));

        assertThat(there.await(2))
                .extracting(HttpReceiver.Received::body)
                .containsExactly("one", "two");
        actions.apply(List.of(), List.of());
        emit("three");
        assertThat(actions.list()).isEmpty();
        Await.until("spool removed", () -> Files.notExists(directory.resolve("alerts/hook.spool")));
    }

    @Test
    void theTroubleOfAnActionIsOverOnceItDeliversWithOtherSettings() throws Exception {
        HttpReceiver away = receiver();
        HttpReceiver there = receiver();
        away.answer(503, "");
        ConfiguredActions actions = start();
        Map<String, String> troubles = new ConcurrentHashMap<>();
        actions.reportTo((what, trouble) -> note(troubles, what, trouble));
        actions.apply(List.of(all("hook")), List.of(webhook("hook", away)));
        emit("one");
        Await.until("trouble", () -> troubles.containsKey("action hook"));
        actions.apply(List.of(all("hook")), List.of(webhook("hook", there)));

        there.await(1);
        Await.until("no trouble", troubles::isEmpty);
        Await.until("told", () -> events(EventTag.ACTIONOK).size() == 1);
        assertThat(status(actions, "hook").trouble()).isNull();
    }

    @Test
    void anActionThatIsRemovedWhileItTriesLeavesNoTroubleBehind() throws Exception {
        HttpReceiver hanging = receiver();
        hanging.hang();
        ConfiguredActions actions = start();
        List<String> reports = new CopyOnWriteArrayList<>();
        actions.reportTo((what, trouble) -> reports.add(what + ": " + trouble));
        actions.apply(
                List.of(all("hook")),
                List.of(webhook("hook", hanging, Duration.ofMillis(300), 10)));
        emit("one");
        hanging.await(1);
        actions.apply(List.of(), List.of());

        Await.until(
                "the end of the attempt",
                () -> reports.stream().anyMatch(report -> report.contains("300 ms")));
        Await.until("no trouble", () -> reports.getLast().equals("action hook: null"));
    }

    @Test
    void anActionThatComesBackBeforeItsLastAttemptIsOverKeepsWhatWaits() throws Exception {
        HttpReceiver hanging = receiver();
        HttpReceiver away = receiver();
        hanging.hang();
        away.answer(503, "");
        ConfiguredActions first = start();
        first.apply(
                List.of(all("hook")),
                List.of(webhook("hook", hanging, Duration.ofMillis(300), 10)));
        emit("one");
        hanging.await(1);
        first.apply(List.of(), List.of());
        first.apply(List.of(all("hook")), List.of(webhook("hook", away)));
        emit("two");
        Await.until(
                "the end of the last attempt",
                () ->
                        events(EventTag.ACTIONFAIL).stream()
                                .anyMatch(event -> event.text().contains("300 ms")));
        away.await(1);
        assertThat(first.stop(DEADLINE)).isTrue();
        away.answer(200, "");
        int before = away.received().size();

        start().apply(List.of(all("hook")), List.of(webhook("hook", away)));

        assertThat(away.await(before + 2).subList(before, before + 2))
                .extracting(HttpReceiver.Received::body)
                .containsExactly("one", "two");
    }

    @Test
    void whatWaitsOutlivesTheProcess() throws Exception {
        HttpReceiver receiver = receiver();
        receiver.answer(503, "");
        ConfiguredActions first = start();
        first.apply(List.of(all("hook")), List.of(webhook("hook", receiver)));
        emit("one");
        emit("two");
        receiver.await(1);
        assertThat(first.stop(DEADLINE)).isTrue();
        receiver.answer(200, "");
        int before = receiver.received().size();

        start().apply(List.of(all("hook")), List.of(webhook("hook", receiver)));

        assertThat(receiver.await(before + 2).subList(before, before + 2))
                .extracting(HttpReceiver.Received::body)
                .containsExactly("one", "two");
    }

    @Test
    void aTestDeliversAtOnceAndSaysWhatCameOfIt() throws Exception {
        HttpReceiver receiver = receiver();
        ConfiguredActions actions = start();
        actions.apply(List.of(), List.of(webhook("hook", receiver)));

        Optional<ActionTest> passed = actions.test("hook");
        receiver.answer(403, "who are you");
        Optional<ActionTest> failed = actions.test("hook");

        assertThat(passed.orElseThrow().trouble()).isNull();
        assertThat(receiver.received().getFirst().body()).isEqualTo("Test of the action hook");
        assertThat(failed.orElseThrow().trouble()).contains("403").contains("who are you");
        assertThat(actions.test("other")).isEmpty();
    }

    @Test
    void figuresTellWhatBecameOfEvents() throws Exception {
        HttpReceiver receiver = receiver();
        ConfiguredActions actions = start();
        actions.apply(List.of(all("hook")), List.of(webhook("hook", receiver)));
        emit("one");
        Await.until("sent", () -> status(actions, "hook").sent() == 1);

        ByteArrayOutputStream page = new ByteArrayOutputStream();
        Metrics metrics = new Metrics(1);
        metrics.addSource(actions);
        metrics.write(page, null);
        assertThat(page.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "weir_action_sent_total{action=\"hook\"} 1",
                        "weir_action_failed_total{action=\"hook\"} 0",
                        "weir_action_dropped_total{action=\"hook\"} 0",
                        "weir_action_queued_events{action=\"hook\"} 0",
                        "weir_event_type_matched_total{event_type=\"all\"} 1");
    }

    @Test
    void aLogActionWritesTheLineOfTheEventLog() throws Exception {
        ConfiguredActions actions = start();
        actions.apply(
                List.of(all("file")),
                List.of(
                        new ActionConfig(
                                "file",
                                Duration.ofSeconds(5),
                                1,
                                false,
                                null,
                                new ActionConfig.Log("nodes.log"))));
        emit("gone");
        Await.until("sent", () -> status(actions, "file").sent() == 1);

        assertThat(Files.readString(directory.resolve("nodes.log")))
                .endsWith("\tSERIOUS\tpools/web\tnodefail\tgone\n");
    }
}
