package io.weir.alert;

import io.weir.alert.receiver.Alert;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Alerts that wait for their receiver, first come, first served, as many as the bound allows. With
 * a file they outlive the process: what is added and taken away is appended to it, so after a crash
 * at any byte what is read is what was there a moment before. A file that cannot be written is
 * reported, and memory goes on alone until the file can be written anew, which is tried again and
 * again, so that what is gone does not come back. Confined to one thread.
 *
 * <p>The file is a sequence of records: length of the body, CRC-32 of the body, body; the body is
 * an alert, or the number of alerts taken from the front. A record that is damaged ends the file.
 */
final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    /** From this size on the file is written anew with what still waits. */
    private static final long LARGE = 4L << 20;

    /** A file that is larger is not one of ours. */
    private static final long LARGEST = 64L << 20;

    private static final int MAX_TEXT = 8192;

    private static final byte ADDED = 1;
    private static final byte REMOVED = 2;

    private final int capacity;
    private final @Nullable Path path;
    private final Deque<Alert> waiting = new ArrayDeque<>();
    private @Nullable FileChannel file;

    /** Whether the file says something else than memory, because it could not be written. */
    private boolean stale;

    /** Alerts that were added since the file could not be written. */
    private int missed;

    private Spool(int capacity, @Nullable Path path) {
        this.capacity = capacity;
        this.path = path;
    }

    /** A spool that ends with the process. */
    static Spool inMemory(int capacity) {
        return new Spool(capacity, null);
    }

    /** A spool with what is still in its file. */
    static Spool onDisk(int capacity, Path path) {
        Spool spool = new Spool(capacity, path);
        spool.load(path);
        spool.rewrite(path);
        return spool;
    }

    int size() {
        return waiting.size();
    }

    /** The oldest alerts, at most {@code most}. */
    List<Alert> first(int most) {
        return waiting.stream().limit(most).toList();
    }

    /** Adds an alert; false when there is no room. */
    boolean add(Alert alert) {
        if (waiting.size() >= capacity) {
            return false;
        }
        waiting.addLast(alert);
        Path at = path;
        if (stale && at != null) {
            missed++;
            // In a flood on a disk that is full, each try costs more than the one before.
            if (Integer.bitCount(missed) == 1) {
                rewrite(at);
            }
        } else {
            append(body(alert));
        }
        return true;
    }

    /** Takes the oldest {@code count} alerts away. */
    void remove(int count) {
        for (int i = 0; i < count; i++) {
            waiting.removeFirst();
        }
        FileChannel open = file;
        Path at = path;
        if (at == null) {
            return;
        }
        try {
            if (open == null) {
                rewrite(at);
            } else if (waiting.isEmpty()) {
                open.truncate(0);
            } else if (open.size() > LARGE) {
                rewrite(at);
            } else {
                append(ByteBuffer.allocate(5).put(REMOVED).putInt(count).array());
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Removes the file; what waits is still in memory. */
    void forget() {
        stale = false;
        close();
        if (path != null) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                LOG.warn("spool {} cannot be removed: {}", path, e.toString());
            }
        }
    }

    @Override
    public void close() {
        Path at = path;
        if (stale && at != null) {
            rewrite(at);
        }
        letGo();
    }

    private void letGo() {
        FileChannel open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // What was written is with the system already.
            }
        }
    }

    private void append(byte[] body) {
        FileChannel open = file;
        if (open != null) {
            try {
                write(open, body);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    private static void write(FileChannel to, byte[] body) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(8 + body.length);
        record.putInt(body.length).putInt(crc(body)).put(body).flip();
        while (record.hasRemaining()) {
            to.write(record);
        }
    }

    /** Puts what waits, and nothing else, into the file. */
    private void rewrite(Path at) {
        letGo();
        try {
            Path directory = at.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Path next = at.resolveSibling(at.getFileName() + ".new");
            try (FileChannel out =
                    FileChannel.open(
                            next,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                for (Alert alert : waiting) {
                    write(out, body(alert));
                }
            }
            Files.move(
                    next,
                    at,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            file = FileChannel.open(at, StandardOpenOption.APPEND);
            if (stale) {
                LOG.info("spool {} can be written again", at);
            }
            stale = false;
            missed = 0;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        letGo();
        if (!stale) {
            LOG.warn(
                    "spool {} cannot be written, so a crash loses what waits: {}",
                    path,
                    e.toString());
        }
        stale = true;
        Path at = path;
        if (waiting.isEmpty() && at != null) {
            try {
                // What it still has was delivered or given up.
                Files.deleteIfExists(at);
            } catch (IOException _) {
                // As good as it gets; writing it is tried again.
            }
        }
    }

    private void load(Path at) {
        try {
            if (!Files.exists(at)) {
                return;
            }
            if (Files.size(at) > LARGEST) {
                LOG.warn("spool {} is too large to be one of Weir's and is begun anew", at);
                return;
            }
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(at));
            while (all.remaining() >= 8) {
                int length = all.getInt();
                int crc = all.getInt();
                if (length < 1 || length > all.remaining()) {
                    break;
                }
                byte[] body = new byte[length];
                all.get(body);
                if (crc(body) != crc) {
                    break;
                }
                replay(body);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("spool {} cannot be read as a whole: {}", at, e.toString());
        }
        while (waiting.size() > capacity) {
            waiting.removeFirst();
        }
    }

    private void replay(byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        if (in.readByte() == REMOVED) {
            for (int count = in.readInt(); count > 0 && !waiting.isEmpty(); count--) {
                waiting.removeFirst();
            }
            return;
        }
        Instant time = Instant.parse(in.readUTF());
        String tag = in.readUTF();
        String type = in.readUTF();
        String text = in.readUTF();
        List<ObjectRef> objects = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            objects.add(new ObjectRef(in.readUTF(), in.readUTF()));
        }
        waiting.addLast(new Alert(new Event(time, EventTag.valueOf(tag), objects, text), type));
    }

    private static byte[] body(Alert alert) {
        Event event = alert.event();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(ADDED);
            out.writeUTF(event.time().toString());
            out.writeUTF(event.tag().name());
            out.writeUTF(alert.eventType());
            out.writeUTF(cut(event.text()));
            out.writeInt(event.objects().size());
            for (ObjectRef object : event.objects()) {
                out.writeUTF(object.section());
                out.writeUTF(cut(object.name()));
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static int crc(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return (int) crc.getValue();
    }
}
