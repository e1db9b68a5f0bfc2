package io.weir.wire.h2;

import io.netty.util.AsciiString;
import io.weir.http.FieldName;
import io.weir.http.Fields;

/**
 * Makes a trailer section out of a field block: no pseudo-header fields, nothing that belongs to a
 * connection, and, as for HTTP/1.1, without fields that have no business there. Confined to one
 * event loop.
 */
final class TrailerFields implements HeaderDecoder.FieldSink {

    private static final int MAX_BYTES = 8 * 1024;
    private static final int MAX_FIELDS = 32;

    private final Fields fields = new Fields();
    private int size;
    private boolean good = true;

    @Override
    public void field(AsciiString name, AsciiString value) {
        size += name.length() + value.length() + 4;
        good =
                good
                        && size <= MAX_BYTES
                        && fields.size() < MAX_FIELDS
                        && fields.addOctets(
                                        name.array(),
                                        name.arrayOffset(),
                                        name.length(),
                                        value.array(),
                                        value.arrayOffset(),
                                        value.length())
                                == null;
        if (!good) {
            return;
        }
        int last = fields.size() - 1;
        FieldName known = fields.knownName(last);
        if (known != null) {
            good = !known.hopByHop();
            if (!known.allowedInTrailers()) {
                fields.removeAt(last);
            }
        }
    }

    /** Whether the section is well-formed. */
    boolean good() {
        return good;
    }

    Fields fields() {
        return fields;
    }
}
