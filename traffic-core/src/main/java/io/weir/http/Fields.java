package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An ordered list of header fields over one byte array. Fields that came from the wire stay where
 * they were read; added ones are written behind them, removed ones are marked, so that most of a
 * head can be sent on by copying whole runs of lines. Confined to one event loop.
 *
 * <p>Values are octets; as {@code String} they are ISO 8859-1, so that nothing is lost.
 */
public class Fields {

    /** Ints per field in {@link #slots}: line start, name end, value start, value end, line end. */
    private static final int SLOT = 5;

    private static final byte[] SEPARATOR = {':', ' '};

    byte[] bytes;
    int end;
    private int[] slots;
    private @Nullable FieldName[] names;
    private int count;
    private int removed;

    /** Bits of the well-known names that were ever added: what is not here need not be searched. */
    private long seen;

    public Fields() {
        this(512, 16);
    }

    Fields(int byteCapacity, int fieldCapacity) {
        bytes = new byte[byteCapacity];
        slots = new int[fieldCapacity * SLOT];
        names = new FieldName[fieldCapacity];
    }

    /** The same fields with no room for further ones. */
    Fields(Fields other) {
        end = other.end;
        count = other.count;
        removed = other.removed;
        seen = other.seen;
        // Room for one at least: what grows is doubled.
        int places = Math.max(count, 1);
        bytes = Arrays.copyOf(other.bytes, Math.max(end, 1));
        slots = Arrays.copyOf(other.slots, places * SLOT);
        names = Arrays.copyOf(other.names, places);
    }

    /** Forgets every field. */
    public void clear() {
        end = 0;
        count = 0;
        removed = 0;
        seen = 0;
    }

    /** Whether the octets have no more room than they need. */
    public boolean fits() {
        return bytes.length <= Math.max(end, 1);
    }

    /** Whether the arrays are neither too large nor too small to be kept for the next message. */
    public boolean worthKeeping() {
        return !fits() && bytes.length <= 8 * 1024 && names.length <= 128;
    }

    /** Bytes of memory that the arrays take, as good as. */
    public int footprint() {
        return bytes.length + names.length * (SLOT + 1) * Integer.BYTES;
    }

    /** The number of places to look at with {@link #present}, removed ones included. */
    public int size() {
        return count;
    }

    /** A number that changes with every field that is added or removed. */
    public int edits() {
        return count + removed;
    }

    /** The number of fields that are there. */
    public int fieldCount() {
        return count - removed;
    }

    /** Whether the field at {@code i} is still there. */
    public boolean present(int i) {
        return slots[i * SLOT + 4] >= 0;
    }

    /** The well-known name of the field at {@code i}, or null if it is another one. */
    public @Nullable FieldName knownName(int i) {
        return names[i];
    }

    /** The name of the field at {@code i} as it is spelt. */
    public String name(int i) {
        int s = i * SLOT;
        return latin1(slots[s], slots[s + 1]);
    }

    /** The value of the field at {@code i} without surrounding blanks. */
    public String value(int i) {
        int s = i * SLOT;
        return latin1(slots[s + 2], slots[s + 3]);
    }

    /** Hands the octets of the value at {@code i} to {@code out}, which borrows them. */
    public void value(int i, OctetSink out) {
        int s = i * SLOT;
        out.put(bytes, slots[s + 2], slots[s + 3] - slots[s + 2]);
    }

    /** Hands the octets of the name at {@code i} to {@code out}, which borrows them. */
    public void name(int i, OctetSink out) {
        int s = i * SLOT;
        out.put(bytes, slots[s], slots[s + 1] - slots[s]);
    }

    /** Borrows octets for the time of the call. */
    @FunctionalInterface
    public interface OctetSink {
        void put(byte[] bytes, int offset, int length);
    }

    /** Whether the field at {@code i} is called {@code name}. */
    public boolean named(int i, FieldName name) {
        FieldName known = names[i];
        if (known != null) {
            return known == name;
        }
        int s = i * SLOT;
        return name.matches(bytes, slots[s], slots[s + 1]);
    }

    /**
     * Whether a server that takes {@code _} for {@code -} in names, as CGI has it, reads the field
     * at {@code i} as one called {@code name}.
     */
    public boolean resembles(int i, FieldName name) {
        int s = i * SLOT;
        return name.resembles(bytes, slots[s], slots[s + 1]);
    }

    /**
     * Whether the value at {@code i} equals {@code lower}, which is in lower case, but for case.
     */
    boolean valueIs(int i, byte[] lower) {
        int s = i * SLOT;
        return Octets.equalsIgnoreCase(bytes, slots[s + 2], slots[s + 3], lower);
    }

    /** Whether the value at {@code i} has exactly these octets. */
    public boolean valueEquals(int i, byte[] octets) {
        int s = i * SLOT;
        return Arrays.equals(bytes, slots[s + 2], slots[s + 3], octets, 0, octets.length);
    }

    /** The octets of the value at {@code i}. */
    public int valueLength(int i) {
        return valueEnd(i) - valueStart(i);
    }

    int valueStart(int i) {
        return slots[i * SLOT + 2];
    }

    int valueEnd(int i) {
        return slots[i * SLOT + 3];
    }

    int nameLength(int i) {
        return slots[i * SLOT + 1] - slots[i * SLOT];
    }

    /** Copies the name of the field at {@code i}; returns the index behind it. */
    int encodeName(int i, byte[] out, int at) {
        System.arraycopy(bytes, slots[i * SLOT], out, at, nameLength(i));
        return at + nameLength(i);
    }

    /** The index of the first field called {@code name} from {@code from} on, or -1. */
    public int find(FieldName name, int from) {
        long bit = name.bit();
        if (bit != 0 && (seen & bit) == 0) {
            return -1;
        }
        for (int i = from; i < count; i++) {
            if (present(i) && named(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether there is a field called {@code name}. */
    public boolean contains(FieldName name) {
        return find(name, 0) >= 0;
    }

    /** The value of the first field called {@code name}, or null. */
    public @Nullable String get(FieldName name) {
        int i = find(name, 0);
        return i < 0 ? null : value(i);
    }

    /**
     * The values of all fields called {@code name}, joined by ", " as RFC 9110 section 5.3 allows,
     * or null.
     */
    public @Nullable String getAll(FieldName name) {
        int i = find(name, 0);
        if (i < 0) {
            return null;
        }
        int next = find(name, i + 1);
        if (next < 0) {
            return value(i);
        }
        StringBuilder all = new StringBuilder(value(i));
        for (; next >= 0; next = find(name, next + 1)) {
            all.append(", ").append(value(next));
        }
        return all.toString();
    }

    /**
     * Adds a field behind the others.
     *
     * @throws IllegalArgumentException when the value could end the line
     */
    public void add(FieldName name, String value) {
        byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
        for (byte b : octets) {
            if (b >= 0 && b < 0x20 && b != Octets.HTAB || b == 0x7f) {
                throw new IllegalArgumentException(
                        "value of field " + name + " holds control character " + b);
            }
        }
        int valueStart = begin(name, octets.length);
        put(octets);
        complete(name, valueStart);
    }

    /** Adds a field whose value is a number, which must not be negative, behind the others. */
    public void add(FieldName name, long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int valueStart = begin(name, digits);
        end += digits;
        long rest = number;
        for (int at = end - 1; at >= valueStart; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        complete(name, valueStart);
    }

    private int begin(FieldName name, int valueLength) {
        byte[] spelt = name.spelt();
        reserve(spelt.length + valueLength + 4);
        put(spelt);
        put(SEPARATOR);
        return end;
    }

    private void complete(FieldName name, int valueStart) {
        int valueEnd = end;
        bytes[end++] = Octets.CR;
        bytes[end++] = Octets.LF;
        int nameEnd = valueStart - SEPARATOR.length;
        FieldName known = name.isWellKnown() ? name : null;
        addSlot(known, nameEnd - name.spelt().length, nameEnd, valueStart, valueEnd, end);
    }

    /**
     * Adds a field that came in a binary protocol, checked as strictly as a field line is (RFC 9113
     * section 8.2.1): the name a token without capitals, the value without control characters and
     * without blanks around it.
     *
     * @return what is wrong with it, and then nothing was added; null when it is good
     */
    public @Nullable Defect addOctets(
            byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        int hash = FieldName.HASH_SEED;
        for (int i = nameAt; i < nameAt + nameLength; i++) {
            byte b = name[i];
            if (!Octets.token(b) || b >= 'A' && b <= 'Z') {
                return Defect.FIELD_NAME;
            }
            hash = FieldName.hashStep(hash, b);
        }
        if (nameLength == 0) {
            return Defect.FIELD_NAME;
        }
        int valueTo = valueAt + valueLength;
        if (valueLength > 0 && (Octets.blank(value[valueAt]) || Octets.blank(value[valueTo - 1]))) {
            return Defect.FIELD_VALUE;
        }
        for (int i = Octets.firstControl(value, valueAt, valueTo);
                i < valueTo;
                i = Octets.firstControl(value, i + 1, valueTo)) {
            if (value[i] != Octets.HTAB) {
                return Defect.FIELD_VALUE;
            }
        }
        FieldName known = FieldName.known(name, nameAt, nameAt + nameLength, hash);
        reserve(nameLength + valueLength + 4);
        int lineStart = end;
        System.arraycopy(name, nameAt, bytes, end, nameLength);
        end += nameLength;
        put(SEPARATOR);
        int valueStart = end;
        System.arraycopy(value, valueAt, bytes, end, valueLength);
        end += valueLength;
        bytes[end++] = Octets.CR;
        bytes[end++] = Octets.LF;
        addSlot(known, lineStart, lineStart + nameLength, valueStart, end - 2, end);
        return null;
    }

    /** Adds all fields of {@code block}, which were checked when it was made. */
    public void add(FieldBlock block) {
        Fields other = block.fields();
        int shift = end;
        reserve(other.end);
        System.arraycopy(other.bytes, 0, bytes, end, other.end);
        end += other.end;
        for (int i = 0; i < other.count; i++) {
            if (!other.present(i)) {
                continue;
            }
            int s = i * SLOT;
            addSlot(
                    other.names[i],
                    other.slots[s] + shift,
                    other.slots[s + 1] + shift,
                    other.slots[s + 2] + shift,
                    other.slots[s + 3] + shift,
                    other.slots[s + 4] + shift);
        }
    }

    /** Adds the fields of {@code other} that are there. */
    public void addAll(Fields other) {
        for (int i = 0; i < other.count; i++) {
            if (!other.present(i)) {
                continue;
            }
            int s = i * SLOT;
            int start = other.slots[s];
            int length = other.slots[s + 4] - start;
            int shift = end - start;
            reserve(length);
            System.arraycopy(other.bytes, start, bytes, end, length);
            end += length;
            addSlot(
                    other.names[i],
                    other.slots[s] + shift,
                    other.slots[s + 1] + shift,
                    other.slots[s + 2] + shift,
                    other.slots[s + 3] + shift,
                    end);
        }
    }

    /** Makes {@code value} the only value of the field called {@code name}. */
    public void set(FieldName name, String value) {
        remove(name);
        add(name, value);
    }

    /** Removes every field called {@code name}. */
    public void remove(FieldName name) {
        for (int i = find(name, 0); i >= 0; i = find(name, i + 1)) {
            removeAt(i);
        }
    }

    /** Removes the field at {@code i}. */
    public void removeAt(int i) {
        int s = i * SLOT + 4;
        if (slots[s] >= 0) {
            slots[s] = -slots[s];
            removed++;
        }
    }

    void addSlot(
            @Nullable FieldName name,
            int lineStart,
            int nameEnd,
            int valueStart,
            int valueEnd,
            int lineEnd) {
        int s = count * SLOT;
        if (s == slots.length) {
            slots = Arrays.copyOf(slots, slots.length * 2);
            names = Arrays.copyOf(names, names.length * 2);
        }
        slots[s] = lineStart;
        slots[s + 1] = nameEnd;
        slots[s + 2] = valueStart;
        slots[s + 3] = valueEnd;
        slots[s + 4] = lineEnd;
        names[count++] = name;
        if (name != null) {
            seen |= name.bit();
        }
    }

    /**
     * The name that the next field has if the message is like the one that was here before; null
     * without a guess.
     */
    @Nullable FieldName expected() {
        return count < names.length ? names[count] : null;
    }

    /** Room that the fields need on the wire, at most. */
    public int encodedLength() {
        return end;
    }

    /** Copies every field line that is there into {@code out}; returns the index behind them. */
    public int encode(byte[] out, int at) {
        int i = 0;
        while (i < count) {
            int s = i * SLOT;
            int lineEnd = slots[s + 4];
            i++;
            if (lineEnd < 0) {
                continue;
            }
            int runStart = slots[s];
            while (i < count && slots[i * SLOT] == lineEnd && slots[i * SLOT + 4] >= 0) {
                lineEnd = slots[i * SLOT + 4];
                i++;
            }
            System.arraycopy(bytes, runStart, out, at, lineEnd - runStart);
            at += lineEnd - runStart;
        }
        return at;
    }

    void reserve(int more) {
        if (bytes.length - end < more) {
            bytes = Arrays.copyOf(bytes, Math.max(end + more, bytes.length * 2));
        }
    }

    private void put(byte[] octets) {
        System.arraycopy(octets, 0, bytes, end, octets.length);
        end += octets.length;
    }

    String latin1(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /**
     * Whether the comma-separated lists of all fields called {@code name} hold {@code token}, which
     * is in lower case; the case of the list does not matter.
     */
    public boolean listContains(FieldName name, String token) {
        int first = find(name, 0);
        return first >= 0 && listContains(name, first, token.getBytes(StandardCharsets.ISO_8859_1));
    }

    private boolean listContains(FieldName name, int first, byte[] lower) {
        for (int i = first; i >= 0; i = find(name, i + 1)) {
            if (Octets.listContains(bytes, valueStart(i), valueEnd(i), lower)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Removes what is meant for the next hop only: the hop-by-hop fields and those that {@code
     * Connection} names (RFC 9110 section 7.6.1). Names of fields that frame or route the message
     * are not obeyed.
     *
     * @return whether {@code Connection} named a field that was there and is none that is always
     *     meant for the next hop only
     */
    public boolean removeHopByHop() {
        return HopByHop.removeFrom(this);
    }

    /** The fields as lines, for people. */
    @Override
    public String toString() {
        byte[] out = new byte[encodedLength()];
        return new String(out, 0, encode(out, 0), StandardCharsets.ISO_8859_1);
    }
}
