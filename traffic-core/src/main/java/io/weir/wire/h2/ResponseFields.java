package io.weir.wire.h2;

import io.netty.util.AsciiString;
import io.weir.http.Defect;
import io.weir.http.FieldName;
import io.weir.http.Framing;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

/**
 * Makes a response head out of a field block of a node (RFC 9113 section 8.3.2), as strictly as one
 * that comes over HTTP/1.1. Reused by {@link #start}. Confined to one event loop.
 */
final class ResponseFields implements HeaderDecoder.FieldSink {

    private static final AsciiString STATUS = AsciiString.cached(":status");
    private static final int MAX_FIELDS = 200;

    private @Nullable ResponseHead head;
    private boolean begun;
    private @Nullable Defect defect;

    /**
     * Makes ready for a block.
     *
     * @param to empty
     */
    void start(ResponseHead to) {
        head = to;
        begun = false;
        defect = null;
    }

    private ResponseHead head() {
        ResponseHead h = head;
        if (h == null) {
            throw new IllegalStateException("not started");
        }
        return h;
    }

    @Override
    public void field(AsciiString name, AsciiString value) {
        if (defect != null) {
            return;
        }
        ResponseHead h = head();
        if (!begun) {
            begun = true;
            int status = name.equals(STATUS) ? status(value) : 0;
            if (status < 100 || status > 599) {
                defect = Defect.STATUS_LINE;
            }
            h.start(status);
            return;
        }
        if (h.size() >= MAX_FIELDS) {
            defect = Defect.TOO_MANY_FIELDS;
            return;
        }
        defect =
                h.addOctets(
                        name.array(),
                        name.arrayOffset(),
                        name.length(),
                        value.array(),
                        value.arrayOffset(),
                        value.length());
        if (defect == null) {
            FieldName known = h.knownName(h.size() - 1);
            if (known != null && known.hopByHop()) {
                defect = Defect.FIELD_NAME;
            }
        }
    }

    private static int status(AsciiString value) {
        if (value.length() != 3) {
            return 0;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = value.byteAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    /** The block is whole. What is wrong with the response; null when nothing is. */
    @Nullable Defect finish() {
        ResponseHead h = head();
        h.complete();
        if (defect != null) {
            return defect;
        }
        if (!begun || h.status() == 101) {
            // RFC 9113 section 8.6: there is no switch of protocols.
            return Defect.STATUS_LINE;
        }
        return Framing.check(h);
    }
}
