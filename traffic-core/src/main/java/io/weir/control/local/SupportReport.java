package io.weir.control.local;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;

import io.weir.control.Control;
import io.weir.control.Desired;
import io.weir.control.Ownership;
import io.weir.control.RefusedException;
import io.weir.control.Revision;
import io.weir.control.store.Directories;
import io.weir.control.store.Json;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.KeptExchange;
import io.weir.explain.KeptQuery;
import io.weir.metrics.MetricsPage;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What helps to find a fault from afar, in one document: versions, status, configuration with
 * secrets masked, the latest events, changes and errors, figures, threads. Of the traffic it has
 * what kept exchanges and connections have: no payload. Safe for every thread but an event loop.
 */
public final class SupportReport {

    private static final int EVENTS = 500;
    private static final int ENTRIES = 200;
    private static final int REVISIONS = 50;
    private static final int ERRORS = 50;
    private static final int CONNECTIONS = 100;
    private static final int MOST_OF_THREADS = 4 << 20;

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Control control;
    private final MetricsPage metrics;
    private final Directories directories;
    private final Ticker ticker;
    private final String version;

    /** Reports about the Weir that these belong to, which is of this version. */
    public SupportReport(
            Control control,
            MetricsPage metrics,
            Directories directories,
            Ticker ticker,
            String version) {
        this.control = control;
        this.metrics = metrics;
        this.directories = directories;
        this.ticker = ticker;
        this.version = version;
    }

    /** What the file is called that it is kept in. */
    public String fileName() {
        return "weir-report-" + NAME.format(ticker.now()) + ".json";
    }

    /** The whole of it, as it is now. */
    public Map<String, @Nullable Object> document() throws RefusedException, IOException {
        Desired desired = control.desired();
        return Json.object(
                "time",
                ticker.now(),
                "weir",
                version,
                "machine",
                machine(),
                "status",
                Documents.status(control.status()),
                "configuration",
                Json.object(
                        "source", control.source(),
                        "revision", desired.revision(),
                        "ownership", desired.ownership().keyword(),
                        "document", Json.readObject(desired.document().toString())),
                "check",
                Documents.check(control.check()),
                "revisions",
                revisions(desired),
                "events",
                control.events(EVENTS).stream().map(Documents::event).toList(),
                "audit",
                control.audit().last(ENTRIES).stream().map(Documents::audit).toList(),
                "errors",
                errors(),
                "connections",
                TrafficDocuments.connections(
                        control.traffic().connections(ConnectionQuery.all(CONNECTIONS))),
                "figures",
                figures(),
                "threads",
                threads());
    }

    private static Map<String, @Nullable Object> machine() {
        Runtime runtime = Runtime.getRuntime();
        return Json.object(
                "java", Runtime.version().toString(),
                "vm", System.getProperty("java.vm.name"),
                "system", System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "architecture", System.getProperty("os.arch"),
                "processors", runtime.availableProcessors(),
                "heap-used", runtime.totalMemory() - runtime.freeMemory(),
                "heap-max", runtime.maxMemory());
    }

    /** The latest changes; none where files own the configuration, which has no revisions then. */
    private List<Map<String, @Nullable Object>> revisions(Desired desired) throws RefusedException {
        return desired.ownership() == Ownership.FILES
                ? List.of()
                : control.revisions().list(REVISIONS).stream().map(SupportReport::line).toList();
    }

    private static Map<String, @Nullable Object> line(Revision of) {
        return Json.object(
                "revision", of.number(),
                "time", of.time(),
                "author", of.author().name(),
                "channel", of.author().channel().keyword(),
                "comment", of.comment(),
                "objects", of.objects());
    }

    private List<Map<String, @Nullable Object>> errors() throws RefusedException {
        return control
                .traffic()
                .exchanges(new KeptQuery(null, null, KeptExchange.Reason.ERROR, 0, null, ERRORS))
                .exchanges()
                .stream()
                .map(TrafficDocuments::exchange)
                .toList();
    }

    private List<String> figures() throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        metrics.write(page, null);
        return page.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The virtual threads are in the JVM's own dump only, and that goes into a file. */
    private List<String> threads() throws IOException {
        Path directory = Files.createTempDirectory(directories.run(), "threads");
        Path file = directory.resolve("dump.txt");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toAbsolutePath().toString(), ThreadDumpFormat.TEXT_PLAIN);
            try (InputStream in = Files.newInputStream(file)) {
                return new String(in.readNBytes(MOST_OF_THREADS), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }
}
