package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.util.function.IntPredicate;

/**
 * Header fields in little memory, ready to be sent: for heads that are kept for long. Immutable,
 * safe for every thread.
 */
public final class StoredFields {

    /** Bytes that a head may have to be stored. */
    private static final int MAX_BYTES = 0xffff;

    private final byte[] bytes;

    /** Two numbers per field: the end of its name and the end of its line. */
    private final char[] ends;

    private final @Nullable FieldName[] names;

    private StoredFields(byte[] bytes, char[] ends, @Nullable FieldName[] names) {
        this.bytes = bytes;
        this.ends = ends;
        this.names = names;
    }

    /**
     * The fields of {@code fields} that {@code kept} accepts by their index.
     *
     * @return null when they are too long
     */
    public static @Nullable StoredFields of(Fields fields, IntPredicate kept) {
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
        byte[] bytes = new byte[length];
        char[] ends = new char[count * 2];
        @Nullable FieldName[] names = new FieldName[count];
        int at = 0;
        int n = 0;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.present(i) && kept.test(i)) {
                at = fields.encodeName(i, bytes, at);
                ends[2 * n] = (char) at;
                bytes[at++] = ':';
                bytes[at++] = ' ';
                int valueLength = fields.valueEnd(i) - fields.valueStart(i);
                System.arraycopy(fields.bytes, fields.valueStart(i), bytes, at, valueLength);
                at += valueLength;
                bytes[at++] = Octets.CR;
                bytes[at++] = Octets.LF;
                ends[2 * n + 1] = (char) at;
                names[n++] = fields.knownName(i);
            }
        }
        return new StoredFields(bytes, ends, names);
    }

    /** Adds all of them to {@code fields}. */
    public void addTo(Fields fields) {
        int shift = fields.end;
        fields.reserve(bytes.length);
        System.arraycopy(bytes, 0, fields.bytes, shift, bytes.length);
        fields.end += bytes.length;
        int start = shift;
        for (int i = 0; i < names.length; i++) {
            int nameEnd = shift + ends[2 * i];
            int lineEnd = shift + ends[2 * i + 1];
            fields.addSlot(names[i], start, nameEnd, nameEnd + 2, lineEnd - 2, lineEnd);
            start = lineEnd;
        }
    }

    /** The same as fields that can be asked and changed. */
    public Fields toFields() {
        Fields fields = new Fields(bytes.length + 256, names.length + 8);
        addTo(fields);
        return fields;
    }

    /** Bytes of heap that they take, about. */
    public int weight() {
        return bytes.length + ends.length * 2 + names.length * 4 + 72;
    }
}
