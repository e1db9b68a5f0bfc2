package io.weir.alert;

import io.weir.alert.receiver.Alert;
import io.weir.alert.receiver.Receiver;
import io.weir.alert.receiver.Receivers;
import io.weir.config.ActionConfig;
import io.weir.config.EventTypeConfig;
import io.weir.control.ActionStatus;
import io.weir.control.ActionTest;
import io.weir.control.Actions;
import io.weir.event.Event;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.metrics.AlertFamilies;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The actions of the configuration: events go through the event types to the actions that these
 * name, once to each. An action whose settings stay keeps its queue when the configuration changes;
 * one whose settings change, or that comes back before its last attempt is over, hands its queue to
 * its successor. Safe for every thread.
 */
public final class ConfiguredActions implements Actions, MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredActions.class);

    private final EventBus events;
    private final Ticker ticker;
    private final Receivers receivers;
    private final Path spools;
    private final EventBus.Subscription subscription;
    private final Map<String, AtomicLong> matched = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new HashMap<>();

    /** Workers of removed actions that have not ended and have no successor; guarded by this. */
    private final Map<String, ActionWorker> leaving = new HashMap<>();

    private volatile Routes routes = new Routes(List.of(), Map.of());
    private BiConsumer<String, @Nullable String> report = (_, _) -> {};

    /** What is in force; replaced as a whole. The order is that of the configuration. */
    private record Routes(List<EventMatch> types, Map<String, ActionWorker> workers) {}

    private ConfiguredActions(EventBus events, Ticker ticker, Receivers receivers, Path spools) {
        this.events = events;
        this.ticker = ticker;
        this.receivers = receivers;
        this.spools = spools;
        this.subscription = events.subscribe(this::route);
    }

    /**
     * Begins to listen to {@code events}, with no actions yet.
     *
     * @param logs directory of the files of actions of the type {@code log}
     * @param spools directory for what waits for its receiver
     * @param machine the name by which receivers know this Weir
     */
    public static ConfiguredActions start(
            EventBus events, Path logs, Path spools, String machine, Ticker ticker) {
        Receivers receivers =
                new Receivers(
                        file ->
                                new LogReceiver(
                                        new EventLogAction(
                                                logs,
                                                file,
                                                EventLogAction.MAX_BYTES,
                                                EventLogAction.KEPT_FILES,
                                                ticker)),
                        machine,
                        ticker);
        return new ConfiguredActions(events, ticker, receivers, spools);
    }

    /** Puts event types and actions in force. */
    public synchronized void apply(
            Collection<EventTypeConfig> types, Collection<ActionConfig> actions) {
        Map<String, ActionWorker> before = routes.workers;
        Map<String, ActionWorker> next = new LinkedHashMap<>();
        for (ActionConfig action : actions) {
            ActionWorker old = before.get(action.name());
            if (old != null && old.config().equals(action)) {
                next.put(action.name(), old);
                continue;
            }
            ActionWorker worker =
                    new ActionWorker(
                            action,
                            () -> receivers.make(action),
                            () -> spool(action),
                            events,
                            ticker,
                            this::report);
            next.put(action.name(), worker);
        }
        routes = new Routes(types.stream().map(EventMatch::new).toList(), next);
        matched.keySet().retainAll(types.stream().map(EventTypeConfig::name).toList());
        next.forEach(
                (name, worker) -> {
                    ActionWorker old = before.get(name);
                    if (old == worker) {
                        return;
                    }
                    if (old != null) {
                        old.retire();
                        worker.start(old);
                    } else {
                        // Two at a time would share a file.
                        worker.start(leaving.remove(name));
                    }
                });
        before.forEach(
                (name, worker) -> {
                    if (!next.containsKey(name)) {
                        worker.retire();
                        leaving.put(name, worker);
                        forgetAtEnd(worker);
                    }
                });
    }

    private Spool spool(ActionConfig action) {
        boolean lasting =
                switch (action.delivery()) {
                    case ActionConfig.Mail _, ActionConfig.Soap _, ActionConfig.Webhook _ -> true;
                    case ActionConfig.Syslog syslog ->
                            syslog.transport() != ActionConfig.Syslog.Transport.UDP;
                    // Nobody can be away here, or nobody can tell.
                    case ActionConfig.Log _, ActionConfig.Program _, ActionConfig.SnmpTrap _ ->
                            false;
                };
        return lasting
                ? Spool.onDisk(ActionWorker.CAPACITY, spools.resolve(action.name() + ".spool"))
                : Spool.inMemory(ActionWorker.CAPACITY);
    }

    /**
     * What waits for an action that is no more goes with it, and so does its trouble: not before
     * its last attempt, which may report one, has ended, and not if the action is back by then.
     */
    private void forgetAtEnd(ActionWorker worker) {
        Thread.ofVirtual()
                .name("weir-action-" + worker.config().name() + "-forget")
                .start(
                        () -> {
                            try {
                                worker.awaitEnd();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                                return;
                            }
                            forget(worker);
                        });
    }

    private synchronized void forget(ActionWorker worker) {
        String name = worker.config().name();
        if (leaving.remove(name, worker)) {
            report("action " + name, null);
            worker.forget();
        }
    }

    private void route(Event event) {
        Routes now = routes;
        Map<String, String> to = new LinkedHashMap<>();
        for (EventMatch type : now.types) {
            if (type.matches(event)) {
                matched.computeIfAbsent(type.name(), _ -> new AtomicLong()).incrementAndGet();
                type.actions().forEach(action -> to.putIfAbsent(action, type.name()));
            }
        }
        to.forEach(
                (action, type) -> {
                    ActionWorker worker = now.workers.get(action);
                    // An action that tells itself of its failure would never come to rest.
                    if (worker != null && !event.objects().contains(ObjectRef.action(action))) {
                        worker.add(new Alert(event, type));
                    }
                });
    }

    @Override
    public List<ActionStatus> list() {
        return routes.workers.values().stream().map(ActionWorker::status).toList();
    }

    @Override
    public Optional<ActionTest> test(String name) {
        ActionWorker worker = routes.workers.get(name);
        if (worker == null) {
            return Optional.empty();
        }
        ActionConfig action = worker.config();
        Event event =
                new Event(
                        ticker.now(),
                        EventTag.TESTACTION,
                        List.of(ObjectRef.action(name)),
                        "Test of the action " + name);
        long begin = ticker.nanos();
        String trouble = null;
        try (Receiver receiver = receivers.make(action)) {
            TimeLimit.run(
                    "weir-action-" + name + "-test",
                    action.timeout(),
                    () -> receiver.send(List.of(new Alert(event, ""))));
        } catch (Exception e) {
            trouble = e.getMessage() == null ? e.toString() : e.getMessage();
            LOG.info("the test of action {} failed: {}", name, trouble);
        }
        return Optional.of(new ActionTest(trouble, Duration.ofNanos(ticker.nanos() - begin)));
    }

    /** Tells {@code report} from now on which action is in trouble, and by null when it is over. */
    public void reportTo(BiConsumer<String, @Nullable String> report) {
        synchronized (troubles) {
            this.report = report;
            troubles.forEach(report);
        }
    }

    private void report(String component, @Nullable String trouble) {
        synchronized (troubles) {
            if (trouble == null) {
                troubles.remove(component);
            } else {
                troubles.put(component, trouble);
            }
            report.accept(component, trouble);
        }
    }

    @Override
    public void collect(MetricSink sink) {
        for (ActionStatus action : list()) {
            sink.sample(AlertFamilies.ACTION_SENT, action.sent(), action.name());
            sink.sample(AlertFamilies.ACTION_FAILED, action.failed(), action.name());
            sink.sample(AlertFamilies.ACTION_DROPPED, action.dropped(), action.name());
            sink.sample(AlertFamilies.ACTION_QUEUED, action.queued(), action.name());
        }
        for (EventMatch type : routes.types) {
            AtomicLong count = matched.get(type.name());
            sink.sample(
                    AlertFamilies.EVENT_TYPE_MATCHED, count == null ? 0 : count.get(), type.name());
        }
    }

    /**
     * Ends: what waits is tried once more, and what is left then stays on disk for the next start.
     *
     * @return false when the deadline passed before
     */
    public boolean stop(Duration deadline) throws InterruptedException {
        subscription.close();
        Collection<ActionWorker> workers = routes.workers.values();
        workers.forEach(ActionWorker::stop);
        long end = ticker.nanos() + deadline.toNanos();
        boolean all = true;
        for (ActionWorker worker : workers) {
            all &= worker.awaitEnd(Duration.ofNanos(Math.max(0, end - ticker.nanos())));
        }
        return all;
    }
}
