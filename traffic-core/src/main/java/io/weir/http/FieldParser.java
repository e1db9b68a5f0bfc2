package io.weir.http;

import org.jspecify.annotations.Nullable;

/**
 * Reads field lines up to the empty line that ends them: the part that request heads, response
 * heads and trailer sections have in common. Resumes where it stopped, so that a head which comes a
 * byte at a time costs no more than one that comes at once. Confined to one event loop.
 */
final class FieldParser {

    private enum At {
        LINE_START,
        NAME,
        BEFORE_VALUE,
        VALUE,
        END_LF
    }

    private final Fields fields;
    private At at = At.LINE_START;
    private int lineStart;
    private int nameEnd;
    private int valueStart;
    private int hash;
    private @Nullable FieldName name;

    FieldParser(Fields fields) {
        this.fields = fields;
    }

    void reset() {
        at = At.LINE_START;
    }

    /** What {@link #parse} returns when the lines go on beyond what has come. */
    static final int NEED_MORE = -1;

    /** What {@link #parse} returns when it found a defect. */
    static final int BROKEN = -2;

    private @Nullable Defect defect;
    private int scanned;

    /** How far the bytes have been looked at. */
    int scanned() {
        return scanned;
    }

    /** What is wrong after {@link #BROKEN}. */
    Defect defect() {
        Defect d = defect;
        return d == null ? Defect.FIELD_NAME : d;
    }

    /**
     * Reads on in {@code fields.bytes} from {@code i} up to {@code to}.
     *
     * @return the index behind the empty line, {@link #NEED_MORE} or {@link #BROKEN}
     */
    int parse(int i, int to, int maxFields) {
        byte[] b = fields.bytes;
        while (true) {
            switch (at) {
                case LINE_START -> {
                    if (i == to) {
                        return more(i);
                    }
                    byte first = b[i];
                    if (first == Octets.CR) {
                        at = At.END_LF;
                        i++;
                        continue;
                    }
                    if (first == Octets.LF) {
                        return broken(Defect.LINE_END);
                    }
                    if (Octets.blank(first)) {
                        return broken(Defect.FOLDED_LINE);
                    }
                    if (fields.size() >= maxFields) {
                        return broken(Defect.TOO_MANY_FIELDS);
                    }
                    int behind = line(b, i, to);
                    if (behind != NEED_MORE) {
                        i = behind;
                        continue;
                    }
                    lineStart = i;
                    hash = FieldName.HASH_SEED;
                    at = At.NAME;
                }
                case NAME -> {
                    int h = hash;
                    while (i < to && Octets.token(b[i])) {
                        h = FieldName.hashStep(h, b[i++]);
                    }
                    hash = h;
                    if (i == to) {
                        return more(i);
                    }
                    if (b[i] != ':' || i == lineStart) {
                        return broken(Defect.FIELD_NAME);
                    }
                    nameEnd = i++;
                    name = FieldName.known(b, lineStart, nameEnd, h);
                    at = At.BEFORE_VALUE;
                }
                case BEFORE_VALUE -> {
                    while (i < to && Octets.blank(b[i])) {
                        i++;
                    }
                    if (i == to) {
                        return more(i);
                    }
                    valueStart = i;
                    at = At.VALUE;
                }
                case VALUE -> {
                    i = Octets.firstControl(b, i, to);
                    if (i == to) {
                        return more(i);
                    }
                    if (b[i] == Octets.HTAB) {
                        i++;
                        continue;
                    }
                    if (b[i] != Octets.CR) {
                        return broken(b[i] == Octets.LF ? Defect.LINE_END : Defect.FIELD_VALUE);
                    }
                    if (i + 1 == to) {
                        return more(i);
                    }
                    if (b[i + 1] != Octets.LF) {
                        return broken(Defect.LINE_END);
                    }
                    int valueEnd = i;
                    while (valueEnd > valueStart && Octets.blank(b[valueEnd - 1])) {
                        valueEnd--;
                    }
                    i += 2;
                    fields.addSlot(name, lineStart, nameEnd, valueStart, valueEnd, i);
                    at = At.LINE_START;
                }
                case END_LF -> {
                    if (i == to) {
                        return more(i);
                    }
                    if (b[i] != Octets.LF) {
                        return broken(Defect.LINE_END);
                    }
                    at = At.LINE_START;
                    return i + 1;
                }
            }
        }
    }

    /**
     * Reads a line that is there as a whole and has nothing unusual in it.
     *
     * @return the index behind it, or {@link #NEED_MORE} when each byte has to be looked at
     */
    private int line(byte[] b, int from, int to) {
        int colon;
        // Messages of one sender have the same fields in the same order, mostly.
        FieldName field = fields.expected();
        if (field != null && field.begins(b, from, to)) {
            colon = from + field.spelt().length;
        } else {
            int h = FieldName.HASH_SEED;
            colon = from;
            while (colon < to && Octets.token(b[colon])) {
                h = FieldName.hashStep(h, b[colon++]);
            }
            if (colon == to || colon == from || b[colon] != ':') {
                return NEED_MORE;
            }
            field = FieldName.known(b, from, colon, h);
        }
        int value = colon + 1;
        while (value < to && Octets.blank(b[value])) {
            value++;
        }
        int end = Octets.firstControl(b, value, to);
        if (end + 1 >= to || b[end] != Octets.CR || b[end + 1] != Octets.LF) {
            return NEED_MORE;
        }
        int valueEnd = end;
        while (valueEnd > value && Octets.blank(b[valueEnd - 1])) {
            valueEnd--;
        }
        fields.addSlot(field, from, colon, value, valueEnd, end + 2);
        return end + 2;
    }

    private int more(int i) {
        scanned = i;
        return NEED_MORE;
    }

    private int broken(Defect why) {
        defect = why;
        return BROKEN;
    }
}
