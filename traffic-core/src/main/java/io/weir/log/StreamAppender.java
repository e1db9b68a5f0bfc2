package io.weir.log;

import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes messages to a stream by a thread of its own, because a reader that stops reading (a pager,
 * a full pipe) must not stop an event loop that has something to say. Safe for every thread.
 */
final class StreamAppender extends AbstractAppender {

    private static final int QUEUED = 4096;
    private static final int MAX_CAUSES = 8;
    private static final String OWN_PREFIX = "io.weir.";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");

    private final OutputStream out;
    private final ZoneId zone;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUED);
    private final AtomicLong dropped = new AtomicLong();

    /** A piece of work of the writing thread. */
    @FunctionalInterface
    private interface Item {
        void run() throws IOException;
    }

    StreamAppender(OutputStream out, ZoneId zone) {
        super("weir", null, null, true, Property.EMPTY_ARRAY);
        this.out = out;
        this.zone = zone;
        start();
        Thread.ofPlatform().daemon().name("weir-system-log").start(this::write);
    }

    @Override
    public void append(LogEvent event) {
        byte[] bytes = text(event).getBytes(StandardCharsets.UTF_8);
        if (!queue.offer(() -> out.write(bytes))) {
            dropped.incrementAndGet();
        }
    }

    long dropped() {
        return dropped.get();
    }

    boolean flush(Duration deadline) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        long nanos = deadline.toNanos();
        return queue.offer(
                        () -> {
                            out.flush();
                            reached.countDown();
                        },
                        nanos,
                        TimeUnit.NANOSECONDS)
                && reached.await(nanos, TimeUnit.NANOSECONDS);
    }

    private void write() {
        long reported = 0;
        try {
            while (true) {
                Item item = queue.take();
                try {
                    item.run();
                    long now = dropped.get();
                    if (now > reported) {
                        String text = now - reported + " messages were dropped here\n";
                        out.write(text.getBytes(StandardCharsets.UTF_8));
                        reported = now;
                    }
                    if (queue.isEmpty()) {
                        out.flush();
                    }
                } catch (IOException e) {
                    // The stream is closed at its other end: there is nobody to tell.
                    dropped.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The lines of a message; only the first begins at the margin. */
    private String text(LogEvent event) {
        StringBuilder text = new StringBuilder(160);
        Instant time = Instant.ofEpochMilli(event.getInstant().getEpochMillisecond());
        TIME.formatTo(time.atZone(zone), text);
        text.append(' ').append(String.format("%-5s", event.getLevel().name())).append(" [");
        PlainText.append(event.getThreadName(), text);
        text.append("] ");
        String name = event.getLoggerName();
        PlainText.append(
                name.startsWith(OWN_PREFIX) ? name.substring(OWN_PREFIX.length()) : name, text);
        text.append(": ");
        PlainText.append(event.getMessage().getFormattedMessage(), text);
        text.append('\n');
        Throwable thrown = event.getThrown();
        for (int i = 0; thrown != null && i < MAX_CAUSES; i++) {
            text.append(i == 0 ? "    " : "    caused by ");
            PlainText.append(thrown.toString(), text);
            text.append('\n');
            for (StackTraceElement frame : thrown.getStackTrace()) {
                text.append("        at ");
                PlainText.append(frame.toString(), text);
                text.append('\n');
            }
            thrown = thrown.getCause();
        }
        return text.toString();
    }
}
