package io.weir.monitor;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A run of an external program that gets no input and a bounded time. What it prints explains how
 * it ended: the first line on standard error, or else on standard output. For virtual threads.
 */
public final class ProgramRun {

    /**
     * How often output is taken from the program, which would otherwise block when a pipe is full.
     * It is polled, because a read would hold the carrier of the virtual thread, and would go on
     * after the exit for as long as any child of the program holds the pipe.
     */
    private static final Duration POLL = Duration.ofMillis(50);

    private ProgramRun() {}

    /**
     * How a run ended.
     *
     * @param status exit status; null when the time was over and the program was killed
     * @param said the explaining line; empty when there was none
     */
    public record Ended(@Nullable Integer status, String said) {}

    /** Waits for the end of {@code process}; kills it and its descendants after {@code limit}. */
    public static Ended await(Process process, Duration limit, Ticker ticker)
            throws InterruptedException {
        return await(process, new Deadline(ticker, limit));
    }

    static Ended await(Process process, Deadline deadline) throws InterruptedException {
        FirstLine output = new FirstLine(process.getInputStream());
        FirstLine errors = new FirstLine(process.getErrorStream());
        try {
            close(process.getOutputStream());
            boolean exited = false;
            while (!exited && !deadline.passed()) {
                exited = process.waitFor(deadline.atMost(POLL).toNanos(), TimeUnit.NANOSECONDS);
                output.drain();
                errors.drain();
            }
            String said = errors.text().isEmpty() ? output.text() : errors.text();
            return new Ended(exited ? process.exitValue() : null, said);
        } finally {
            if (process.isAlive()) {
                kill(process.toHandle());
            }
            close(process.getInputStream());
            close(process.getErrorStream());
        }
    }

    /**
     * Kills a process and all that descend from it. The children are asked for just before their
     * parent dies, since afterwards nothing shows whose they were.
     */
    private static void kill(ProcessHandle process) {
        List<ProcessHandle> children = process.children().toList();
        process.destroyForcibly();
        children.forEach(ProgramRun::kill);
    }

    private static void close(Closeable stream) {
        try {
            stream.close();
        } catch (IOException _) {
            // The other end is gone already, which is as good.
        }
    }

    /** The first line with something on it that comes out of a stream; the rest is thrown away. */
    private static final class FirstLine {

        private static final int MOST_BYTES = 1024;

        // A program that prints for ever must not keep us from looking at the time.
        private static final int MOST_READS = 64;

        private final InputStream stream;
        private final byte[] buffer = new byte[16 * 1024];
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private boolean complete;

        FirstLine(InputStream stream) {
            this.stream = stream;
        }

        /** Takes what is there without waiting for more. */
        void drain() {
            try {
                for (int i = 0; i < MOST_READS && stream.available() > 0; i++) {
                    int count = stream.read(buffer, 0, Math.min(buffer.length, stream.available()));
                    for (int at = 0; at < count && !complete; at++) {
                        add(buffer[at]);
                    }
                }
            } catch (IOException _) {
                complete = true;
            }
        }

        private void add(byte next) {
            if (next == '\n') {
                complete = !text().isEmpty();
                if (!complete) {
                    line.reset();
                }
            } else {
                line.write(next);
                complete = line.size() == MOST_BYTES;
            }
        }

        /** The line so far, without control characters. */
        String text() {
            return line.toString(StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ").strip();
        }
    }
}
