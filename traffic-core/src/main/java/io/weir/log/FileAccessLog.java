package io.weir.log;

import java.util.concurrent.atomic.LongAdder;

/**
 * An access log that goes to a file. {@link #log} is safe for every thread; the counts are read by
 * every thread; the line's way from the queue to the file is the writer's.
 */
final class FileAccessLog implements AccessLog {

    private final String virtualServer;
    private final String formatText;
    private final LogFormat format;
    private final LogFileName file;
    private final LogWriter writer;
    private final LogCounts counts;

    FileAccessLog(
            String virtualServer,
            String formatText,
            LogFormat format,
            LogFileName file,
            LogWriter writer,
            LogCounts counts) {
        this.virtualServer = virtualServer;
        this.formatText = formatText;
        this.format = format;
        this.file = file;
        this.writer = writer;
        this.counts = counts;
    }

    @Override
    public void log(LogRecord record) {
        ByteSink out = writer.sink();
        out.reset();
        format.encode(record, out);
        if (!writer.offer(this, out)) {
            counts.queueFull.increment();
        }
    }

    /** Whether the log is as the configuration wants it. */
    boolean is(String file, String format) {
        return this.file.toString().equals(file) && formatText.equals(format);
    }

    String virtualServer() {
        return virtualServer;
    }

    LogFileName file() {
        return file;
    }

    LogCounts counts() {
        return counts;
    }

    /** Lines of one virtual server by what became of them; kept while it keeps its name. */
    static final class LogCounts {
        final LongAdder written = new LongAdder();
        final LongAdder queueFull = new LongAdder();
        final LongAdder writeFailed = new LongAdder();
    }
}
