package io.weir.launcher;

import io.weir.alert.Action;
import io.weir.alert.Alerting;
import io.weir.alert.ConfiguredActions;
import io.weir.alert.Thresholds;
import io.weir.config.HistoryConfig;
import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;
import io.weir.control.store.Directories;
import io.weir.event.BoundedEventBus;
import io.weir.event.EventBus;
import io.weir.event.Severity;
import io.weir.history.History;
import io.weir.kernel.ThreadTurns;
import io.weir.launcher.process.MachineName;
import io.weir.launcher.process.Parts;
import io.weir.launcher.process.Version;
import io.weir.log.AccessLogs;
import io.weir.log.SystemLog;
import io.weir.metrics.CoreFamilies;
import io.weir.metrics.MetricSink;
import io.weir.metrics.Metrics;
import io.weir.metrics.MetricsPage;
import io.weir.metrics.ProcessMetrics;
import io.weir.runtime.CacheMetrics;
import io.weir.runtime.DataPlane;
import io.weir.runtime.DataPlaneMetrics;
import io.weir.runtime.RuleMetrics;
import io.weir.runtime.WeirRuntime;
import io.weir.time.Ticker;
import io.weir.wire.dns.DnsNames;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The parts of Weir put together: the one place that names them all. */
final class WeirParts implements Parts {

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** The tick of the first turns: finding the kernel's calls is not to slow down the start. */
    private static final int SETTLED = 10;

    private final Directories directories;
    private final Ticker ticker = Ticker.system();
    private final SystemLog systemLog;
    private final BoundedEventBus events;
    private final AccessLogs accessLogs;

    private @Nullable Alerting alerting;
    private String eventLog = "";
    private @Nullable ConfiguredActions actions;
    private @Nullable DnsNames names;
    private @Nullable Metrics metrics;
    private @Nullable DataPlane plane;
    private volatile @Nullable Thresholds thresholds;
    private @Nullable History history;
    private int ticks;

    WeirParts(Directories directories, @Nullable String logLevel) {
        this.directories = directories;
        this.systemLog = SystemLog.start(logLevel, System.err);
        this.events = BoundedEventBus.start(ticker);
        this.accessLogs = new AccessLogs(directories.log(), ticker, events);
    }

    @Override
    public EventBus events() {
        return events;
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public MetricsPage metrics() {
        return Objects.requireNonNull(metrics, "asked for before the start");
    }

    @Override
    public DataPlane start(WeirConfig config, Overlay overlay) throws RefusedException {
        logEvents(config);
        act(config);
        DnsNames dns = new DnsNames(config.global().dns());
        Metrics figures = new Metrics(WeirRuntime.eventLoops(config.global()));
        WeirRuntime runtime;
        try {
            runtime =
                    new WeirRuntime(
                            config.global(),
                            new WeirRuntime.Services(
                                    ticker, events, figures, accessLogs, dns, directories.state()));
        } catch (UnsupportedOperationException e) {
            dns.close();
            throw new RefusedException(
                    new ControlProblem.NotApplied("global: " + e.getMessage(), List.of()), e);
        }
        boolean applied = false;
        try {
            DataPlane.ApplyResult result = runtime.apply(config, overlay);
            if (!result.applied()) {
                throw new RefusedException(ControlProblem.NotApplied.of(result));
            }
            applied = true;
        } finally {
            if (!applied) {
                runtime.stop(Duration.ZERO);
                dns.close();
            }
        }
        names = dns;
        metrics = figures;
        plane = runtime;
        return runtime;
    }

    /** Events are to be logged from the first one on, so this comes before the data plane. */
    private void logEvents(WeirConfig config) {
        String file = config.global().eventLog();
        if (alerting == null || !file.equals(eventLog)) {
            Alerting before = alerting;
            alerting =
                    Alerting.start(
                            events,
                            List.of(
                                    Action.eventLog(directories.log(), file, ticker),
                                    Action.systemLog()));
            eventLog = file;
            if (before != null) {
                end(before);
            }
        }
    }

    private void act(WeirConfig config) {
        ConfiguredActions configured = actions;
        if (configured == null) {
            configured =
                    ConfiguredActions.start(
                            events,
                            directories.log(),
                            directories.state().resolve("alerts"),
                            MachineName.get(),
                            ticker);
            actions = configured;
        }
        configured.apply(config.eventTypes().values(), config.actions().values());
    }

    @Override
    public void complete(Control control) {
        Metrics figures = Objects.requireNonNull(metrics, "asked for before the start");
        DnsNames dns = Objects.requireNonNull(names, "asked for before the start");
        DataPlane running = Objects.requireNonNull(plane, "asked for before the start");
        figures.addSource(new DataPlaneMetrics(running::status));
        figures.addSource(new CacheMetrics(() -> running.cache().figures()));
        if (running instanceof WeirRuntime runtime) {
            figures.addSource(new RuleMetrics(runtime::ruleCounts, runtime::ruleFigures));
        }
        figures.addSource(accessLogs);
        figures.addSource(new ProcessMetrics(Version.text(), directories.log(), () -> -1));
        figures.addSource(this::countEvents);
        ConfiguredActions configured =
                Objects.requireNonNull(actions, "asked for before the start");
        figures.addSource(configured);
        control.provide(configured);
        configured.reportTo(control::report);
        Thresholds watched = new Thresholds(figures, events, ticker);
        record(control, figures);
        control.follow(
                config -> {
                    dns.apply(config.global().dns());
                    act(config);
                    try {
                        logEvents(config);
                        control.report("event log", null);
                    } catch (RuntimeException e) {
                        control.report("event log", "the former one goes on: " + e.getMessage());
                    }
                    watched.apply(config.thresholds().values());
                });
        thresholds = watched;
    }

    @Override
    public void tick() {
        if (ticks++ == SETTLED) {
            ThreadTurns.open();
        }
        Thresholds watched = thresholds;
        if (watched != null) {
            watched.look();
        }
    }

    /** Without a history traffic goes on all the same. */
    private void record(Control control, MetricsPage figures) {
        HistoryConfig config = control.config().global().history();
        if (!config.enabled()) {
            return;
        }
        String named = config.directory();
        Path directory = named == null ? directories.state().resolve("history") : Path.of(named);
        try {
            History opened =
                    History.open(
                            directory,
                            config.size(),
                            figures,
                            ticker,
                            trouble -> control.report("history", trouble));
            opened.start();
            history = opened;
            control.traffic().provide(opened);
        } catch (IOException e) {
            control.report(
                    "history", "figures cannot be kept in " + directory + ": " + e.getMessage());
        }
    }

    private void countEvents(MetricSink sink) {
        for (Severity severity : Severity.values()) {
            sink.sample(
                    CoreFamilies.EVENTS,
                    events.emitted(severity),
                    severity.name().toLowerCase(Locale.ROOT));
        }
        sink.sample(CoreFamilies.EVENTS_DROPPED, events.dropped());
    }

    @Override
    public void close() {
        try {
            events.flush(LAST_WORDS);
            Alerting open = alerting;
            if (open != null) {
                end(open);
            }
            ConfiguredActions configured = actions;
            if (configured != null) {
                configured.stop(LAST_WORDS);
            }
            accessLogs.stop(LAST_WORDS);
            History kept = history;
            if (kept != null) {
                kept.close();
            }
            DnsNames dns = names;
            if (dns != null) {
                dns.close();
            }
            events.close();
            systemLog.flush(LAST_WORDS);
        } catch (IOException e) {
            // The process ends; what was written is there.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Alerting alerting) {
        try {
            alerting.stop(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
