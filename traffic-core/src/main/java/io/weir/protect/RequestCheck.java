package io.weir.protect;

import io.weir.config.ProtectionConfig;
import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

/** What a class says about the form of requests. Immutable, safe for every thread. */
final class RequestCheck {

    /** RFC 2396 section 2: reserved, unreserved, and the percent sign of escapes. */
    private static final boolean[] URIC = new boolean[256];

    static {
        String allowed = ";/?:@&=+$,-_.!~*'()%0123456789";
        for (char c :
                (allowed + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").toCharArray()) {
            URIC[c] = true;
        }
    }

    private final ProtectionConfig config;
    private final boolean heads;

    RequestCheck(ProtectionConfig config) {
        this.config = config;
        this.heads =
                config.checkRfc2396()
                        || config.rejectBinary()
                        || config.maxUrlLength() > 0
                        || config.maxHeaderLength() > 0
                        || config.maxRequestLength() > 0;
    }

    /**
     * What is wrong with a request.
     *
     * @param bodyLength negative when nobody has said
     */
    @Nullable Refusal judge(RequestHead head, long bodyLength) {
        if (config.maxBodyLength() > 0 && bodyLength > config.maxBodyLength()) {
            return body();
        }
        return heads ? new Look(head).refusal : null;
    }

    Refusal body() {
        return refusal(
                Reason.SIZE, 413, "the body is longer than " + config.maxBodyLength() + " bytes");
    }

    private Refusal refusal(Reason reason, int status, String text) {
        return new Refusal(reason, status, config.sendErrorPage(), 0, text);
    }

    /** One look at one request. */
    private final class Look {
        private @Nullable Refusal refusal;
        private int nameLength;

        Look(RequestHead head) {
            head.target(this::target);
            if (config.maxRequestLength() > 0 && head.headLength() > config.maxRequestLength()) {
                found(
                        Reason.SIZE,
                        431,
                        "the head is longer than " + config.maxRequestLength() + " bytes");
            }
            if (config.maxHeaderLength() > 0 || config.rejectBinary()) {
                for (int i = 0; i < head.size(); i++) {
                    if (head.present(i)) {
                        head.name(i, (bytes, offset, length) -> nameLength = length);
                        head.value(i, this::value);
                    }
                }
            }
        }

        private void found(Reason reason, int status, String text) {
            if (refusal == null) {
                refusal = refusal(reason, status, text);
            }
        }

        private void target(byte[] bytes, int offset, int length) {
            if (config.maxUrlLength() > 0 && length > config.maxUrlLength()) {
                found(
                        Reason.SIZE,
                        414,
                        "the URL is longer than " + config.maxUrlLength() + " bytes");
            }
            if (!config.checkRfc2396() && !config.rejectBinary()) {
                return;
            }
            int end = offset + length;
            for (int i = offset; i < end; i++) {
                int octet = bytes[i] & 0xff;
                if (config.checkRfc2396() && !URIC[octet]) {
                    found(Reason.RFC2396, 400, "the URL has the byte " + octet);
                }
                if (octet == '%') {
                    int code = i + 2 < end ? code(bytes[i + 1], bytes[i + 2]) : -1;
                    if (code < 0 && config.checkRfc2396()) {
                        found(Reason.RFC2396, 400, "a % without two hexadecimal digits");
                    } else if (code >= 0 && config.rejectBinary() && binary(code)) {
                        found(Reason.BINARY, 400, "the URL means the byte " + code);
                    }
                }
            }
        }

        private void value(byte[] bytes, int offset, int length) {
            // Name, colon, blank and value, as the field stands on the wire.
            if (config.maxHeaderLength() > 0
                    && nameLength + 2 + length > config.maxHeaderLength()) {
                found(
                        Reason.SIZE,
                        431,
                        "a header field is longer than " + config.maxHeaderLength() + " bytes");
            }
            if (config.rejectBinary()) {
                for (int i = offset; i < offset + length; i++) {
                    int octet = bytes[i] & 0xff;
                    if (binary(octet) && octet != '\t') {
                        found(Reason.BINARY, 400, "a header field has the byte " + octet);
                    }
                }
            }
        }
    }

    private static boolean binary(int octet) {
        return octet < 0x20 || octet > 126;
    }

    private static int code(byte high, byte low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 ? -1 : h << 4 | l;
    }
}
