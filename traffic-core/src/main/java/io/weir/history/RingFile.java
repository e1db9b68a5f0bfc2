package io.weir.history;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The values of all series at one resolution: a file of rows, one for each step, the newest in the
 * place of the oldest. Every row has a checksum, so that one that was half written when the machine
 * went down counts as not there. Not safe for threads.
 *
 * <pre>
 *   file: 64 bytes  magic "WEIRHIST", version, step, rows, columns
 *   row:  16 bytes  second since 1970, number of values, CRC-32C of these and the values
 *         4 bytes   for each column; what a row is too short for has no value
 * </pre>
 */
final class RingFile implements AutoCloseable {

    private static final long MAGIC = 0x5745495248495354L;
    private static final int VERSION = 1;
    private static final int FILE_HEADER = 64;
    static final int ROW_HEADER = 16;

    private final Resolution resolution;
    private final int columns;
    // A channel would be closed by an interrupt of whoever reads it.
    private final RandomAccessFile file;
    private final long[] seconds;
    private final int[] counts;
    private final ByteBuffer row;

    private RingFile(Resolution resolution, int columns, RandomAccessFile file) {
        this.resolution = resolution;
        this.columns = columns;
        this.file = file;
        this.seconds = new long[resolution.rows()];
        this.counts = new int[resolution.rows()];
        this.row = ByteBuffer.allocate(ROW_HEADER + columns * Float.BYTES);
    }

    /**
     * Opens a file, or makes one where there is none or one of other measures.
     *
     * @throws IOException when that is not possible, naming the file
     */
    static RingFile open(Path path, Resolution resolution, int columns) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        RingFile ring = new RingFile(resolution, columns, file);
        try {
            if (ring.fits()) {
                ring.readAll();
            } else {
                ring.begin();
            }
            return ring;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    Resolution resolution() {
        return resolution;
    }

    private ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(FILE_HEADER);
        header.putLong(MAGIC).putInt(VERSION).putInt(resolution.stepSeconds());
        header.putInt(resolution.rows()).putInt(columns);
        return header.clear();
    }

    private boolean fits() throws IOException {
        ByteBuffer found = ByteBuffer.allocate(FILE_HEADER);
        readFully(found, 0);
        return !found.hasRemaining() && found.clear().equals(header());
    }

    private void begin() throws IOException {
        file.setLength(0);
        writeFully(header(), 0);
    }

    private long position(int slot) {
        return FILE_HEADER + (long) slot * (ROW_HEADER + (long) columns * Float.BYTES);
    }

    private int slot(long second) {
        return (int) Math.floorMod(second / resolution.stepSeconds(), (long) resolution.rows());
    }

    private void readAll() throws IOException {
        for (int slot = 0; slot < seconds.length; slot++) {
            row.clear().limit(ROW_HEADER);
            readFully(row, position(slot));
            if (row.hasRemaining()) {
                return;
            }
            long second = row.getLong(0);
            int count = row.getInt(8);
            if (second <= 0 || count < 0 || count > columns || slot(second) != slot) {
                continue;
            }
            row.limit(ROW_HEADER + count * Float.BYTES);
            readFully(row, position(slot) + ROW_HEADER);
            if (!row.hasRemaining() && row.getInt(12) == checksum(count)) {
                seconds[slot] = second;
                counts[slot] = count;
            }
        }
    }

    /** Over what {@link #row} holds, its checksum left out. */
    private int checksum(int count) {
        CRC32C crc = new CRC32C();
        crc.update(row.slice(0, 12));
        crc.update(row.slice(ROW_HEADER, count * Float.BYTES));
        return (int) crc.getValue();
    }

    /** Whether there is a row for the step that begins at {@code second}. */
    boolean has(long second) {
        return seconds[slot(second)] == second;
    }

    /**
     * Writes a row.
     *
     * @param second the beginning of its step
     * @param values by column; NaN for none
     * @param count of columns in use
     */
    void write(long second, float[] values, int count) throws IOException {
        row.clear();
        row.putLong(second).putInt(count).putInt(0);
        for (int i = 0; i < count; i++) {
            row.putFloat(values[i]);
        }
        row.putInt(12, checksum(count));
        int slot = slot(second);
        seconds[slot] = 0;
        writeFully(row.flip(), position(slot));
        seconds[slot] = second;
        counts[slot] = count;
    }

    /** The value of {@code column} in the step that begins at {@code second}; NaN for none. */
    float value(long second, int column) throws IOException {
        int slot = slot(second);
        if (seconds[slot] != second || column >= counts[slot]) {
            return Float.NaN;
        }
        ByteBuffer one = ByteBuffer.allocate(Float.BYTES);
        readFully(one, position(slot) + ROW_HEADER + (long) column * Float.BYTES);
        return one.hasRemaining() ? Float.NaN : one.flip().getFloat();
    }

    /** All values of the step that begins at {@code second} into {@code into}; NaN for none. */
    void values(long second, float[] into) throws IOException {
        Arrays.fill(into, Float.NaN);
        int slot = slot(second);
        if (seconds[slot] != second) {
            return;
        }
        row.clear().limit(counts[slot] * Float.BYTES);
        readFully(row, position(slot) + ROW_HEADER);
        row.flip();
        for (int i = 0; row.remaining() >= Float.BYTES; i++) {
            into[i] = row.getFloat();
        }
    }

    private void readFully(ByteBuffer into, long from) throws IOException {
        file.seek(from);
        while (into.hasRemaining()) {
            int read =
                    file.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
            if (read < 0) {
                return;
            }
            into.position(into.position() + read);
        }
    }

    private void writeFully(ByteBuffer bytes, long to) throws IOException {
        file.seek(to);
        file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    @Override
    public void close() throws IOException {
        file.getFD().sync();
        file.close();
    }
}
