package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;

/**
 * Header fields in little memory, ready to be sent: for heads that are kept for long. Immutable,
 * safe for every thread.
 */
public final class StoredFields {

    /** Bytes that a head may have to be stored. */
    private static final int MAX_BYTES = 0xffff;

    /** The lines, and behind them the end of each line in two bytes. */
    private final byte[] bytes;

    private final Shape shape;

    private StoredFields(byte[] bytes, Shape shape) {
        this.bytes = bytes;
        this.shape = shape;
    }

    /** The names of the fields of a head, which many heads have in common. */
    private static final class Shape {
        private final @Nullable FieldName[] names;
        private final char[] lengths;

        Shape(@Nullable FieldName[] names, char[] lengths) {
            this.names = names;
            this.lengths = lengths;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Shape other
                    && Arrays.equals(names, other.names)
                    && Arrays.equals(lengths, other.lengths);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(names) * 31 + Arrays.hashCode(lengths);
        }
    }

    /** Lets heads share what they have in common. Safe for every thread. */
    public static final class Shapes {
        private static final int SIZE = 256;

        private final AtomicReferenceArray<@Nullable Shape> known =
                new AtomicReferenceArray<>(SIZE);

        private Shape shared(Shape fresh) {
            int hash = fresh.hashCode();
            int slot = (hash ^ hash >>> 16) & SIZE - 1;
            Shape before = known.get(slot);
            if (fresh.equals(before)) {
                return before;
            }
            known.set(slot, fresh);
            return fresh;
        }
    }

    /**
     * The fields of {@code fields} that {@code kept} accepts by their index.
     *
     * @return null when they are too long
     */
    public static @Nullable StoredFields of(Fields fields, IntPredicate kept, Shapes shapes) {
        int count = 0;
        int length = 0;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.present(i) && kept.test(i)) {
                count++;
                length += fields.nameLength(i) + 4 + fields.valueEnd(i) - fields.valueStart(i);
            }
        }
        if (length > MAX_BYTES) {
            return null;
        }
        byte[] bytes = new byte[length + 2 * count];
        @Nullable FieldName[] names = new FieldName[count];
        char[] lengths = new char[count];
        int at = 0;
        int n = 0;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.present(i) && kept.test(i)) {
                int start = at;
                at = fields.encodeName(i, bytes, at);
                lengths[n] = (char) (at - start);
                bytes[at++] = ':';
                bytes[at++] = ' ';
                int valueLength = fields.valueEnd(i) - fields.valueStart(i);
                System.arraycopy(fields.bytes, fields.valueStart(i), bytes, at, valueLength);
                at += valueLength;
                bytes[at++] = Octets.CR;
                bytes[at++] = Octets.LF;
                bytes[length + 2 * n] = (byte) (at >>> 8);
                bytes[length + 2 * n + 1] = (byte) at;
                names[n++] = fields.knownName(i);
            }
        }
        return new StoredFields(bytes, shapes.shared(new Shape(names, lengths)));
    }

    private int count() {
        return shape.lengths.length;
    }

    private int length() {
        return bytes.length - 2 * count();
    }

    private int lineEnd(int i) {
        int at = length() + 2 * i;
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    /** Adds all of them to {@code fields}. */
    public void addTo(Fields fields) {
        int shift = fields.end;
        int length = length();
        fields.reserve(length);
        System.arraycopy(bytes, 0, fields.bytes, shift, length);
        fields.end += length;
        int start = shift;
        for (int i = 0; i < shape.lengths.length; i++) {
            int nameEnd = start + shape.lengths[i];
            int lineEnd = shift + lineEnd(i);
            fields.addSlot(shape.names[i], start, nameEnd, nameEnd + 2, lineEnd - 2, lineEnd);
            start = lineEnd;
        }
    }

    /** The values of all fields called {@code name}, joined by commas; null without any. */
    public @Nullable String getAll(FieldName name) {
        String all = null;
        int start = 0;
        for (int i = 0; i < shape.lengths.length; i++) {
            int lineEnd = lineEnd(i);
            if (named(i, start, name)) {
                int from = start + shape.lengths[i] + 2;
                String value =
                        new String(bytes, from, lineEnd - 2 - from, StandardCharsets.ISO_8859_1);
                all = all == null ? value : all + ", " + value;
            }
            start = lineEnd;
        }
        return all;
    }

    private boolean named(int i, int start, FieldName name) {
        FieldName known = shape.names[i];
        if (known != null) {
            return known.equals(name);
        }
        String text = name.toString();
        return text.length() == shape.lengths[i]
                && new String(bytes, start, text.length(), StandardCharsets.ISO_8859_1)
                        .equalsIgnoreCase(text);
    }

    /** The same as fields that can be asked and changed. */
    public Fields toFields() {
        Fields fields = new Fields(bytes.length + 256, count() + 8);
        addTo(fields);
        return fields;
    }

    /** Bytes of heap that they take, about; what heads share is not counted. */
    public int weight() {
        return 32 + bytes.length;
    }
}
