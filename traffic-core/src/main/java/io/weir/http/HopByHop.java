package io.weir.http;

/** What in a head is meant for the next hop only (RFC 9110 section 7.6.1). */
final class HopByHop {

    private static final byte[] CLOSE = {'c', 'l', 'o', 's', 'e'};
    private static final byte[] KEEP_ALIVE = {'k', 'e', 'e', 'p', '-', 'a', 'l', 'i', 'v', 'e'};

    private HopByHop() {}

    /** See {@link Fields#removeHopByHop}. */
    static boolean removeFrom(Fields fields) {
        boolean others = false;
        for (int i = 0; i < fields.size(); i++) {
            FieldName name = fields.knownName(i);
            if (name == null || !fields.present(i) || !name.hopByHop()) {
                continue;
            }
            if (name == FieldName.CONNECTION) {
                others |= removeNamedBy(fields, i);
            }
            fields.removeAt(i);
        }
        return others;
    }

    private static boolean removeNamedBy(Fields fields, int connection) {
        byte[] bytes = fields.bytes;
        boolean others = false;
        int at = fields.valueStart(connection);
        int to = fields.valueEnd(connection);
        while (at < to) {
            int from = at;
            while (at < to && bytes[at] != ',') {
                at++;
            }
            int until = at++;
            while (from < until && Octets.blank(bytes[from])) {
                from++;
            }
            while (until > from && Octets.blank(bytes[until - 1])) {
                until--;
            }
            if (until > from && !simpleOption(bytes, from, until)) {
                FieldName named = FieldName.of(fields.latin1(from, until));
                if (named != FieldName.HOST
                        && named != FieldName.CONTENT_LENGTH
                        && named != FieldName.CONNECTION) {
                    others |= !named.hopByHop() && fields.contains(named);
                    fields.remove(named);
                }
            }
        }
        return others;
    }

    private static boolean simpleOption(byte[] bytes, int from, int to) {
        return Octets.equalsIgnoreCase(bytes, from, to, CLOSE)
                || Octets.equalsIgnoreCase(bytes, from, to, KEEP_ALIVE);
    }
}
