package io.weir.wire.h2;

import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Fields.OctetSink;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes field blocks (RFC 7541) without a dynamic table: a field costs one copy, no look-up and no
 * memory of the connection, at the price of some more bytes on the wire. Names of the static table
 * are one or two octets. Confined to one event loop.
 */
final class HeaderEncoder implements OctetSink {

    private static final String[] STATIC_NAMES =
            ("accept-charset accept-encoding accept-language accept-ranges accept"
                 + " access-control-allow-origin age allow authorization cache-control"
                 + " content-disposition content-encoding content-language content-length"
                 + " content-location content-range content-type cookie date etag expect expires"
                 + " from host if-match if-modified-since if-none-match if-range"
                 + " if-unmodified-since last-modified link location max-forwards"
                 + " proxy-authenticate proxy-authorization range referer refresh retry-after"
                 + " server set-cookie strict-transport-security transfer-encoding user-agent vary"
                 + " via www-authenticate")
                    .split(" ");

    private static final int FIRST_STATIC_NAME = 15;
    private static final int AUTHORITY = 1;
    private static final int METHOD = 2;
    private static final int PATH = 4;
    private static final int SCHEME_HTTP = 6;
    private static final int SCHEME_HTTPS = 7;
    private static final int STATUS = 8;

    /** A longer block than this is made anew the next time. */
    private static final int KEPT = 16 * 1024;

    private static final byte[] TRAILERS = ascii("trailers");

    /** What a field with a well-known name begins with, by the number of the name. */
    private static final byte[][] BEGINNINGS = new byte[FieldName.wellKnownNames()][];

    /** Method and protocol of a wish for a WebSocket. */
    private static final byte[] WEB_SOCKET;

    private final OctetSink lowerName = this::lowerName;
    private byte[] block = new byte[1024];
    private int length;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** RFC 7541 section 5.1: {@code value} behind {@code bits}, which fill the octet's top. */
    private void integer(int bits, int prefix, int value) {
        int most = (1 << prefix) - 1;
        reserve(6);
        if (value < most) {
            block[length++] = (byte) (bits | value);
            return;
        }
        block[length++] = (byte) (bits | most);
        int rest = value - most;
        while (rest >= 0x80) {
            block[length++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        block[length++] = (byte) rest;
    }

    private void reserve(int more) {
        if (block.length - length < more) {
            block = Arrays.copyOf(block, Math.max(block.length * 2, length + more));
        }
    }

    private void raw(byte[] octets) {
        reserve(octets.length);
        System.arraycopy(octets, 0, block, length, octets.length);
        length += octets.length;
    }

    /** A string literal, not compressed. */
    @Override
    public void put(byte[] octets, int offset, int count) {
        integer(0, 7, count);
        reserve(count);
        System.arraycopy(octets, offset, block, length, count);
        length += count;
    }

    private void text(String text) {
        byte[] octets = ascii(text);
        put(octets, 0, octets.length);
    }

    private void lowerName(byte[] octets, int offset, int count) {
        integer(0, 7, count);
        reserve(count);
        for (int i = offset; i < offset + count; i++) {
            byte b = octets[i];
            block[length++] = b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
        }
    }

    /** The octets of the block that was made last. */
    byte[] block() {
        return block;
    }

    /** A copy of the block that was made last. */
    byte[] copy() {
        return Arrays.copyOf(block, length);
    }

    /**
     * Begins a block.
     *
     * @param first whether it is the first of its connection, which tells the peer that no dynamic
     *     table is going to be used
     */
    private void begin(boolean first) {
        length = 0;
        if (block.length > KEPT) {
            block = new byte[1024];
        }
        if (first) {
            block[length++] = 0x20;
        }
    }

    /**
     * Makes the block of a response.
     *
     * @return its length
     */
    int response(ResponseHead head, int status, boolean first) {
        begin(first);
        int index = statusIndex(status);
        if (index > 0) {
            block[length++] = (byte) (0x80 | index);
        } else {
            block[length++] = STATUS;
            block[length++] = 3;
            block[length++] = (byte) ('0' + status / 100);
            block[length++] = (byte) ('0' + status / 10 % 10);
            block[length++] = (byte) ('0' + status % 10);
        }
        fields(head);
        return length;
    }

    /** The index of {@code status} in the static table; 0 for none. */
    private static int statusIndex(int status) {
        return switch (status) {
            case 200 -> 8;
            case 204 -> 9;
            case 206 -> 10;
            case 304 -> 11;
            case 400 -> 12;
            case 404 -> 13;
            case 500 -> 14;
            default -> 0;
        };
    }

    /**
     * Makes the block of a request.
     *
     * @return its length
     */
    int request(RequestHead head, boolean secure, boolean first) {
        begin(first);
        switch (head.method()) {
            case GET -> block[length++] = (byte) (0x80 | METHOD);
            case POST -> block[length++] = (byte) (0x80 | METHOD + 1);
            default -> {
                block[length++] = METHOD;
                head.method(this);
            }
        }
        asked(head, secure);
        return length;
    }

    /**
     * Makes the block of a wish for a WebSocket (RFC 8441 section 4).
     *
     * @return its length
     */
    int webSocket(RequestHead head, boolean secure, boolean first) {
        begin(first);
        raw(WEB_SOCKET);
        asked(head, secure);
        return length;
    }

    private void asked(RequestHead head, boolean secure) {
        reserve(2);
        block[length++] = (byte) (0x80 | (secure ? SCHEME_HTTPS : SCHEME_HTTP));
        block[length++] = PATH;
        head.target(this);
        int host = head.find(FieldName.HOST, 0);
        if (host >= 0) {
            reserve(1);
            block[length++] = AUTHORITY;
            head.value(host, this);
        }
        fields(head);
    }

    /**
     * Makes the block of a trailer section.
     *
     * @return its length
     */
    int trailers(Fields fields, boolean first) {
        begin(first);
        fields(fields);
        return length;
    }

    private void fields(Fields fields) {
        for (int i = 0, n = fields.size(); i < n; i++) {
            if (!fields.present(i)) {
                continue;
            }
            FieldName name = fields.knownName(i);
            if (name == null) {
                reserve(1);
                block[length++] = 0;
                fields.name(i, lowerName);
                fields.value(i, this);
            } else if (name == FieldName.TE) {
                if (fields.value(i).equalsIgnoreCase("trailers")) {
                    raw(beginning(name));
                    put(TRAILERS, 0, TRAILERS.length);
                }
            } else if (!name.hopByHop()
                    && name != FieldName.HOST
                    && name != FieldName.SEC_WEBSOCKET_KEY) {
                raw(beginning(name));
                fields.value(i, this);
            }
        }
    }

    /** The field's name as a literal without indexing (RFC 7541 section 6.2.2). */
    private static byte[] beginning(FieldName name) {
        return BEGINNINGS[name.number()];
    }

    static {
        HeaderEncoder encoder = new HeaderEncoder();
        for (FieldName name : FieldName.wellKnown()) {
            String lower = name.toString().toLowerCase(Locale.ROOT);
            encoder.begin(false);
            int at = Arrays.asList(STATIC_NAMES).indexOf(lower);
            if (at >= 0) {
                encoder.integer(0, 4, FIRST_STATIC_NAME + at);
            } else {
                encoder.integer(0, 4, 0);
                encoder.text(lower);
            }
            BEGINNINGS[name.number()] = encoder.copy();
        }
        encoder.begin(false);
        encoder.raw(new byte[] {METHOD});
        encoder.text("CONNECT");
        encoder.raw(new byte[] {0});
        encoder.text(":protocol");
        encoder.text("websocket");
        WEB_SOCKET = encoder.copy();
    }
}
