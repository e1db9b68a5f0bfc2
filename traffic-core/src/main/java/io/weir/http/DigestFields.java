package io.weir.http;

import java.util.List;

/** The fields that give the digest of a body (RFC 9530, and those before it). Stateless. */
public final class DigestFields {

    /** Of what a message carries, in whatever form it does. */
    private static final List<FieldName> OF_CONTENT =
            List.of(FieldName.of("Content-Digest"), FieldName.of("Content-MD5"));

    /** Of the whole representation, of which a message may carry a part. */
    private static final List<FieldName> OF_WHOLE =
            List.of(FieldName.of("Repr-Digest"), FieldName.of("Digest"));

    private DigestFields() {}

    /** Removes those that are not true of a part of what they were said of. */
    public static void removeForPart(Fields fields) {
        OF_CONTENT.forEach(fields::remove);
    }

    /** Removes those that are not true of other bytes than they were said of. */
    public static void removeAll(Fields fields) {
        OF_CONTENT.forEach(fields::remove);
        OF_WHOLE.forEach(fields::remove);
    }
}
