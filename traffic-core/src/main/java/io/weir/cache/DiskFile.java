package io.weir.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.http.Fields;
import io.weir.http.Head;
import io.weir.http.ResponseHead;
import io.weir.http.StoredFields;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One stored response as a file: lengths and checksums, then what is known of it, then the body, as
 * it came and in each coding that it is kept in. A file that was cut or changed anywhere is never
 * taken for a response. Stateless.
 */
final class DiskFile {

    private static final long MAGIC = 0x5745_4952_4341_0002L;

    /** Magic number, length of the description, length of the body, checksum of these and it. */
    private static final int PROLOGUE = 8 + 4 + 4 + 4;

    private static final int MAX_DESCRIPTION = 256 * 1024;
    private static final int MAX_BODY = 512 << 20;
    private static final int MAX_CODINGS = 8;
    private static final int SUM = 4;

    private DiskFile() {}

    /**
     * What a file says of a response besides its body.
     *
     * @param head whose times are right for the clock of this process
     * @param codings that the body is there in as well
     * @param start where the body begins
     */
    record Description(
            CacheKey key,
            VaryKey vary,
            StoredHead head,
            int bodyLength,
            List<Coding> codings,
            int start) {
        long fileLength() {
            long sum = (long) start + bodyLength + SUM;
            for (Coding each : codings) {
                sum += each.length() + SUM;
            }
            return sum;
        }
    }

    /**
     * The body in a content coding.
     *
     * @param length in bytes
     */
    record Coding(String name, int length) {}

    /** The clock of this process, both as it counts and as people do. */
    record Clock(long nanos, Instant wall) {}

    /**
     * Bytes of the file of {@code stored}, whose body is held.
     *
     * @param codings of it, with their bodies held
     */
    static long write(Path file, Stored stored, List<Stored.Encoded> codings, Clock clock)
            throws IOException {
        Body body = stored.body();
        byte[] description = describe(stored, codings, clock);
        ByteBuffer prologue = ByteBuffer.allocate(PROLOGUE + description.length);
        prologue.putLong(MAGIC).putInt(description.length).putInt((int) body.written());
        CRC32C sum = new CRC32C();
        sum.update(prologue.array(), 0, 16);
        sum.update(description);
        prologue.putInt((int) sum.getValue()).put(description).flip();
        try (FileChannel out =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            writeAll(out, prologue);
            writeBody(out, body);
            for (Stored.Encoded each : codings) {
                writeBody(out, each.body());
            }
            return out.position();
        }
    }

    private static void writeBody(FileChannel out, Body body) throws IOException {
        CRC32C sum = new CRC32C();
        for (long at = 0; at < body.written(); ) {
            ByteBuf piece = body.slice(at, 256 * 1024);
            try {
                at += piece.readableBytes();
                sum.update(piece.nioBuffer());
                writeAll(out, piece.nioBuffer());
            } finally {
                piece.release();
            }
        }
        writeAll(out, ByteBuffer.allocate(SUM).putInt(0, (int) sum.getValue()));
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static byte[] describe(Stored stored, List<Stored.Encoded> codings, Clock clock)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        DataOutputStream out = new DataOutputStream(bytes);
        stored.key().write(out);
        stored.vary().write(out);
        StoredHead head = stored.head();
        long since = clock.nanos() - head.receivedNanos();
        out.writeShort(head.status());
        out.writeByte(head.flags());
        String reason = head.reason();
        out.writeUTF(reason == null ? "" : reason);
        out.writeLong(clock.wall().toEpochMilli() - since / 1_000_000);
        out.writeLong(head.freshNanos());
        out.writeInt(head.age());
        out.writeInt(head.modified());
        out.writeInt(head.made());
        out.writeInt(head.staleWhileRevalidate());
        out.writeInt(head.staleIfError());
        Fields fields = head.toFields();
        byte[] lines = new byte[fields.encodedLength()];
        int length = fields.encode(lines, 0);
        out.writeInt(length);
        out.write(lines, 0, length);
        out.writeByte(codings.size());
        for (Stored.Encoded each : codings) {
            out.writeUTF(each.coding());
            out.writeInt((int) each.body().written());
        }
        return bytes.toByteArray();
    }

    /**
     * What the file says, without its body; null when it is damaged, or of a virtual server that is
     * not there.
     */
    static @Nullable Description read(
            FileChannel in, CacheStore store, Clock clock, StoredFields.Shapes shapes)
            throws IOException {
        ByteBuffer prologue = ByteBuffer.allocate(PROLOGUE);
        if (!fill(in, prologue, 0) || prologue.getLong(0) != MAGIC) {
            return null;
        }
        int length = prologue.getInt(8);
        int bodyLength = prologue.getInt(12);
        if (length < 0 || length > MAX_DESCRIPTION || bodyLength < 0 || bodyLength > MAX_BODY) {
            return null;
        }
        ByteBuffer description = ByteBuffer.allocate(length);
        if (!fill(in, description, PROLOGUE)) {
            return null;
        }
        CRC32C sum = new CRC32C();
        sum.update(prologue.array(), 0, 16);
        sum.update(description.array());
        int start = PROLOGUE + length;
        if ((int) sum.getValue() != prologue.getInt(16)) {
            return null;
        }
        DataInputStream text = new DataInputStream(new ByteArrayInputStream(description.array()));
        CacheKey key = CacheKey.read(text, store);
        if (key == null) {
            return null;
        }
        VaryKey vary = VaryKey.read(text);
        StoredHead head = head(text, clock, shapes);
        List<Coding> codings = codings(text);
        if (head == null || codings == null) {
            return null;
        }
        Description found = new Description(key, vary, head, bodyLength, codings, start);
        return in.size() == found.fileLength() ? found : null;
    }

    private static @Nullable List<Coding> codings(DataInputStream in) throws IOException {
        int count = in.readUnsignedByte();
        List<Coding> codings = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Coding coding = new Coding(in.readUTF(), in.readInt());
            if (coding.length() < 0 || coding.length() > MAX_BODY) {
                return null;
            }
            codings.add(coding);
        }
        return count > MAX_CODINGS ? null : codings;
    }

    private static @Nullable StoredHead head(
            DataInputStream in, Clock clock, StoredFields.Shapes shapes) throws IOException {
        short status = in.readShort();
        byte flags = in.readByte();
        String reason = in.readUTF();
        long since = Math.max(0, clock.wall().toEpochMilli() - in.readLong());
        long freshNanos = in.readLong();
        int age = in.readInt();
        int modified = in.readInt();
        int made = in.readInt();
        int whileRevalidate = in.readInt();
        int ifError = in.readInt();
        byte[] lines = in.readNBytes(in.readInt());
        ByteBuf text =
                Unpooled.wrappedBuffer(
                        "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII),
                        lines,
                        "\r\n".getBytes(StandardCharsets.US_ASCII));
        ResponseHead fields = new ResponseHead();
        if (fields.read(text, MAX_DESCRIPTION, MAX_DESCRIPTION, 10_000) != Head.Progress.COMPLETE) {
            return null;
        }
        StoredFields stored = StoredFields.of(fields, i -> true, shapes);
        return stored == null
                ? null
                : new StoredHead(
                        status,
                        flags,
                        reason.isEmpty() ? null : reason.intern(),
                        stored,
                        clock.nanos() - since * 1_000_000,
                        freshNanos,
                        age,
                        modified,
                        made,
                        whileRevalidate,
                        ifError);
    }

    /**
     * Reads the body behind {@code description}.
     *
     * @param body to write it to
     * @param codings to write it to in each of its codings
     * @return false when it is damaged, or there is no room
     */
    static boolean readBodies(
            FileChannel in, Description description, Body body, List<Body> codings)
            throws IOException {
        long at = description.start();
        boolean good = readBody(in, at, description.bodyLength(), body);
        at += description.bodyLength() + SUM;
        for (int i = 0; good && i < codings.size(); i++) {
            int length = description.codings().get(i).length();
            good = readBody(in, at, length, codings.get(i));
            at += length + SUM;
        }
        return good;
    }

    private static boolean readBody(FileChannel in, long start, int length, Body body)
            throws IOException {
        CRC32C sum = new CRC32C();
        ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
        int done = 0;
        while (done < length) {
            bytes.clear().limit(Math.min(bytes.capacity(), length - done));
            if (!fill(in, bytes, start + done)) {
                return false;
            }
            bytes.flip();
            sum.update(bytes.duplicate());
            done += bytes.remaining();
            if (!body.append(Unpooled.wrappedBuffer(bytes))) {
                return false;
            }
        }
        ByteBuffer end = ByteBuffer.allocate(SUM);
        return fill(in, end, start + done) && end.getInt(0) == (int) sum.getValue();
    }

    /** Fills {@code bytes} from {@code at} on; false when the file ends before. */
    private static boolean fill(FileChannel in, ByteBuffer bytes, long at) throws IOException {
        long from = at;
        while (bytes.hasRemaining()) {
            int n = in.read(bytes, from);
            if (n < 0) {
                return false;
            }
            from += n;
        }
        return true;
    }
}
