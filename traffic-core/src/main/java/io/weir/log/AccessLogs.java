package io.weir.log;

import io.weir.event.EventBus;
import io.weir.log.FileAccessLog.LogCounts;
import io.weir.metrics.CoreFamilies;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The access logs of the process: one queue, one writing thread, any number of files. Safe for
 * every thread; {@link #flush} and {@link #stop} wait and are not for event loops. Nothing is
 * allocated or started before the first log is opened.
 *
 * <p>The way of a line: the event loop encodes it into a buffer of its own and copies it into the
 * bounded queue; the writing thread copies it to the buffer of its file, and writes that. When the
 * disk is too slow the queue is full and lines are dropped and counted; when a file cannot be
 * written, some lines are held back, the rest dropped and counted, and the event {@code
 * vslogwritefail} is raised once.
 */
public final class AccessLogs implements MetricSource {

    /** Bytes of lines that wait to be written. */
    static final int QUEUE_BYTES = 4 * 1024 * 1024;

    private final Path directory;
    private final ZoneId zone;
    private final int queueBytes;
    private final Ticker ticker;
    private final EventBus events;
    private final LogOutput.Opener opener;

    private final Map<String, FileAccessLog> current = new ConcurrentHashMap<>();
    private final Map<String, LogCounts> counts = new ConcurrentHashMap<>();

    /** Null until the first log is opened. Guarded by this. */
    private @Nullable LogWriter writer;

    /**
     * No logs yet, with files in {@code directory} and times in the zone of the system.
     *
     * @param directory made when it is missing
     * @param events where {@code vslogwritefail} is raised
     */
    public AccessLogs(Path directory, Ticker ticker, EventBus events) {
        this(directory, ZoneId.systemDefault(), QUEUE_BYTES, ticker, events, DiskOutput::open);
    }

    AccessLogs(
            Path directory,
            ZoneId zone,
            int queueBytes,
            Ticker ticker,
            EventBus events,
            LogOutput.Opener opener) {
        this.directory = directory;
        this.zone = zone;
        this.queueBytes = queueBytes;
        this.ticker = ticker;
        this.events = events;
        this.opener = opener;
    }

    /**
     * Looks whether {@link #open} takes {@code file}.
     *
     * @throws IllegalArgumentException if not; the message says why
     */
    public static void checkFile(String virtualServer, String file) {
        LogFileName.compile(file, Path.of(""), virtualServer, ZoneId.systemDefault());
    }

    /**
     * Looks whether {@link #open} takes {@code format}.
     *
     * @throws IllegalArgumentException if not; the message says why
     */
    public static void checkFormat(String format) {
        LogFormat.compile(format, ZoneId.systemDefault());
    }

    /**
     * The log of a virtual server. As long as file and format stay the same, it is the same object
     * at every call; when they change, lines that still come to the old one reach the old file.
     *
     * @param file name relative to the log directory, with {@code %v} and <code>%{strftime}t</code>
     * @param format as for {@link LogFormat#compile(String)}
     * @throws IllegalArgumentException if file or format is wrong, or the file would lie outside
     *     the log directory
     */
    public synchronized AccessLog open(String virtualServer, String file, String format) {
        FileAccessLog open = current.get(virtualServer);
        if (open != null && open.is(file, format)) {
            return open;
        }
        LogFileName name = LogFileName.compile(file, directory, virtualServer, zone);
        LogFormat compiled = LogFormat.compile(format, zone);
        LogWriter writer = this.writer;
        if (writer == null) {
            writer = new LogWriter(queueBytes, ticker, events, opener, current::values);
            writer.start();
            this.writer = writer;
        }
        LogCounts count = counts.computeIfAbsent(virtualServer, v -> new LogCounts());
        FileAccessLog log = new FileAccessLog(virtualServer, format, compiled, name, writer, count);
        current.put(virtualServer, log);
        writer.logsChanged();
        return log;
    }

    /**
     * Lets go of the logs of virtual servers that are not in {@code virtualServers}: those that are
     * gone or keep no log any more. Lines that still come to them reach their file.
     */
    public synchronized void retain(Set<String> virtualServers) {
        current.keySet().retainAll(virtualServers);
        counts.keySet().retainAll(virtualServers);
        if (writer != null) {
            writer.logsChanged();
        }
    }

    /**
     * Waits until every line logged so far is in its file.
     *
     * @return false when that did not happen before the deadline, or a file cannot be written
     */
    public boolean flush(Duration deadline) throws InterruptedException {
        LogWriter writer = writer();
        return writer == null || writer.flush(deadline);
    }

    /**
     * Writes what is queued and ends; later lines are dropped and counted.
     *
     * @return false when lines were lost or the deadline passed
     */
    public boolean stop(Duration deadline) throws InterruptedException {
        LogWriter writer = writer();
        return writer == null || writer.stop(deadline);
    }

    private synchronized @Nullable LogWriter writer() {
        return writer;
    }

    @Override
    public void collect(MetricSink sink) {
        counts.forEach(
                (name, count) -> {
                    sink.sample(CoreFamilies.LOG_LINES, count.written.sum(), name);
                    sink.sample(CoreFamilies.LOG_LOST, count.queueFull.sum(), name, "queue_full");
                    sink.sample(
                            CoreFamilies.LOG_LOST, count.writeFailed.sum(), name, "write_failed");
                });
    }
}
