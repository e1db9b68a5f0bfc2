package io.weir.log;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * A file that lines are appended to and that outlives a full disk: while it cannot be written,
 * lines are held back in bounded memory, then dropped, and it is tried again every second. Confined
 * to one thread, which may wait for the disk.
 *
 * <p>A line is in the file as a whole or not at all: what a failed write left of a line is cut off
 * again. A file that was renamed or removed is made anew, so it can be rotated from outside.
 */
public final class LineFile {

    /** Learns of outages; called on the thread that uses the file. */
    public interface Watcher {

        /** The file cannot be written any more; called once per outage. */
        void failed(Path path, String problem);

        /**
         * The outage is over and what was held back is in the file.
         *
         * @param dropped lines that there was no room for meanwhile
         */
        void recovered(Path path, Duration outage, long dropped);
    }

    /** Bytes held back at most, while the file fails. */
    static final int MAX_HELD = 256 * 1024;

    /** Bytes gathered for one write, while it does not. */
    private static final int GATHERED = 32 * 1024;

    private static final int INITIAL = 4 * 1024;

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path path;
    private final LogOutput.Opener opener;
    private final Ticker ticker;
    private final Watcher watcher;

    private byte[] held = new byte[INITIAL];
    private int start;
    private int end;
    private int lines;

    private @Nullable LogOutput output;
    private boolean failing;
    private long failingSince;
    private long retryAt;
    private long dropped;

    /** A file that is opened when it is first written. */
    public LineFile(Path path, Ticker ticker, Watcher watcher) {
        this(path, DiskOutput::open, ticker, watcher);
    }

    LineFile(Path path, LogOutput.Opener opener, Ticker ticker, Watcher watcher) {
        this.path = path;
        this.opener = opener;
        this.ticker = ticker;
        this.watcher = watcher;
    }

    /** Where the file is. */
    public Path path() {
        return path;
    }

    /**
     * Holds a line for the next {@link #write}; writes when many are held.
     *
     * @param length of the line without line end, at most {@link ByteSink#MAX_LINE}
     * @return false when the line was dropped because the file is failing and memory is full
     */
    public boolean add(byte[] bytes, int offset, int length) {
        if (!hasRoom(length + 1)) {
            write();
        }
        if (!hasRoom(length + 1)) {
            dropped++;
            return false;
        }
        System.arraycopy(bytes, offset, held, end, length);
        end += length;
        held[end++] = '\n';
        lines++;
        return true;
    }

    /** Tries to write what is held, unless the file failed less than a second ago. */
    public void write() {
        if (failing ? ticker.nanos() - retryAt < 0 : start == end) {
            return;
        }
        try {
            LogOutput out = open();
            ByteBuffer rest = ByteBuffer.wrap(held, start, end - start);
            try {
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
            } finally {
                wrote(rest.position(), out);
            }
            recovered();
        } catch (IOException e) {
            failed(e);
        }
    }

    /**
     * Opens the file if it is not open, so that an outage is known before there is a line.
     *
     * @return whether it is open
     */
    public boolean tryOpen() {
        if (output == null && !failing) {
            try {
                open();
            } catch (IOException e) {
                failed(e);
            }
        }
        return output != null;
    }

    /** Lets go of the file if its path leads elsewhere by now; the next write opens it anew. */
    public void checkGone() {
        if (output != null && output.isGone()) {
            close();
        }
    }

    /** Bytes in the file; 0 when it is not open. */
    public long size() {
        try {
            return output == null ? 0 : output.size();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Lines held back. */
    public int held() {
        return lines;
    }

    /** Whether the last write failed. */
    public boolean isFailing() {
        return failing;
    }

    /** Lets go of the file; lines held back stay held. */
    public void close() {
        if (output != null) {
            try {
                output.close();
            } catch (IOException e) {
                // What was written is with the system already; there is nothing left to do.
            }
            output = null;
        }
    }

    private LogOutput open() throws IOException {
        if (output == null) {
            output = opener.open(path);
        }
        return output;
    }

    /** Makes room for {@code bytes} if the limit allows it; one line is always allowed. */
    private boolean hasRoom(int bytes) {
        if (held.length - end >= bytes) {
            return true;
        }
        System.arraycopy(held, start, held, 0, end - start);
        end -= start;
        start = 0;
        int needed = end + bytes;
        if (needed > held.length && (end == 0 || needed <= (failing ? MAX_HELD : GATHERED))) {
            held = Arrays.copyOf(held, Math.max(needed, 2 * held.length));
        }
        return held.length - end >= bytes;
    }

    /** Takes note that bytes up to {@code position} are in the file, in whole lines only. */
    private void wrote(int position, LogOutput out) {
        if (position == end) {
            start = 0;
            end = 0;
            lines = 0;
            if (held.length > GATHERED) {
                held = new byte[INITIAL];
            }
            return;
        }
        int whole = position;
        while (whole > start && held[whole - 1] != '\n') {
            whole--;
        }
        for (int i = start; i < whole; i++) {
            if (held[i] == '\n') {
                lines--;
            }
        }
        start = whole;
        if (whole < position) {
            try {
                out.cut(position - whole);
            } catch (IOException e) {
                // The piece stays: opening the file again ends it with a line end, and the rest
                // of the line would not be a line.
                dropFirst();
            }
        }
    }

    private void dropFirst() {
        while (held[start++] != '\n') {
            // Looking for the end of the line.
        }
        lines--;
        dropped++;
    }

    private void failed(IOException e) {
        close();
        retryAt = ticker.nanos() + RETRY_NANOS;
        if (!failing) {
            failing = true;
            failingSince = ticker.nanos();
            watcher.failed(path, problem(e));
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            long lost = dropped;
            dropped = 0;
            watcher.recovered(path, Duration.ofNanos(ticker.nanos() - failingSince), lost);
        }
    }

    /** What is wrong, in words: the message of some exceptions is the path only. */
    private static String problem(IOException e) {
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return reason != null ? reason : kind;
    }
}
