package io.weir.control.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lines that are only ever added, in a file that is put aside when it is full: {@code name}, {@code
 * name.1}, and so on to the oldest, which is given up for the next. Safe for every thread; adding
 * writes to the disk.
 */
public final class LineLog {

    private static final int BLOCK = 64 << 10;

    private final Path file;
    private final long maxBytes;
    private final int maxFiles;
    private @Nullable FileChannel out;
    private long size;

    /**
     * @param file is made when the first line comes
     * @param maxBytes of one file
     * @param maxFiles that are kept, with the present one
     */
    public LineLog(Path file, long maxBytes, int maxFiles) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /**
     * Adds a line.
     *
     * @param line without its end
     * @throws IOException when the disk refuses
     */
    public synchronized void add(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            FileChannel channel = opened();
            if (size > 0 && size + bytes.length > maxBytes) {
                close();
                turn();
                channel = opened();
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                size += channel.write(buffer);
            }
        } catch (IOException e) {
            // A part of the line may be there; opening the file anew puts an end to it.
            try {
                close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private void close() throws IOException {
        FileChannel open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel open = out;
        if (open == null) {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                OwnerFiles.directory(parent);
            }
            OwnerFiles.create(file);
            open = FileChannel.open(file, StandardOpenOption.APPEND);
            out = open;
            size = open.size();
            if (size > 0 && !endsLine()) {
                // A crash or a full disk has cut the last line short.
                size += open.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
        return open;
    }

    private boolean endsLine() throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(in.length() - 1);
            return in.read() == '\n';
        }
    }

    private void turn() throws IOException {
        for (int i = maxFiles - 1; i > 0; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    /** The newest of its files; there may be none yet. */
    public Path file() {
        return file;
    }

    /** The last lines, oldest first, at most {@code max}. */
    public synchronized List<String> last(int max) throws IOException {
        Deque<String> lines = new ArrayDeque<>();
        for (int i = 0; i < maxFiles && lines.size() < max; i++) {
            Path from = i == 0 ? file : numbered(i);
            if (Files.exists(from)) {
                tail(from, max - lines.size()).reversed().forEach(lines::addFirst);
            }
        }
        return new ArrayList<>(lines);
    }

    /** The last lines of one file, read from its end. */
    private static List<String> tail(Path from, int max) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(from.toFile(), "r")) {
            long start = in.length();
            int ends = 0;
            byte[] block = new byte[BLOCK];
            while (start > 0 && ends <= max) {
                int length = (int) Math.min(BLOCK, start);
                start -= length;
                in.seek(start);
                in.readFully(block, 0, length);
                for (int i = 0; i < length; i++) {
                    ends += block[i] == '\n' ? 1 : 0;
                }
            }
            byte[] rest = new byte[Math.toIntExact(in.length() - start)];
            in.seek(start);
            in.readFully(rest);
            List<String> lines = new String(rest, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - max), lines.size());
        }
    }
}
