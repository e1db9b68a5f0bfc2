package io.weir.http;

/** The grammar of Host and of a target's authority (RFC 9112 section 3.2, RFC 3986 section 3.2). */
final class HostSyntax {

    private HostSyntax() {}

    /**
     * Whether {@code b[from, to)} is {@code uri-host [ ":" port ]}, not empty, without userinfo.
     */
    static boolean valid(byte[] b, int from, int to) {
        if (from >= to) {
            return false;
        }
        int i = from;
        if (b[i] == '[') {
            i++;
            int colons = 0;
            while (i < to && (Octets.hex(b[i]) >= 0 || b[i] == ':' || b[i] == '.')) {
                colons += b[i] == ':' ? 1 : 0;
                i++;
            }
            if (i >= to || b[i] != ']' || colons < 2) {
                return false;
            }
            i++;
        } else {
            while (i < to && Octets.host(b[i])) {
                i++;
            }
            if (i == from) {
                return false;
            }
        }
        if (i == to) {
            return true;
        }
        if (b[i] != ':') {
            return false;
        }
        int port = 0;
        int digits = to - ++i;
        for (; i < to; i++) {
            if (!Octets.digit(b[i]) || digits > 5) {
                return false;
            }
            port = port * 10 + (b[i] - '0');
        }
        return port <= 65535;
    }
}
