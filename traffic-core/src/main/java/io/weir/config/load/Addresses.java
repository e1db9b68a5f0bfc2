package io.weir.config.load;

import io.weir.config.ListenAddress;
import io.weir.config.NodeAddress;
import io.weir.config.load.Node.Scalar;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Addresses as operators write them. Every address comes out in one spelling (IPv6 as in RFC 5952,
 * names in small letters), because addresses are identities. Nothing is looked up.
 */
final class Addresses {

    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?");

    private Addresses() {}

    /** A host and a port that have been told apart, neither judged yet. */
    private record Parts(String host, boolean bracketed, @Nullable String port) {}

    /** {@code :8080}, {@code *:8080}, {@code 127.0.0.1:8080}, {@code http://[::1]:8080}. */
    static ListenAddress listen(String text) throws Malformed {
        ProblemCode code = ProblemCode.BAD_LISTEN_ADDRESS;
        String rest = text;
        if (rest.startsWith("https://")) {
            throw new Malformed(
                    code,
                    "expected an address without https://: TLS is switched on by the key 'tls'",
                    null);
        }
        if (rest.startsWith("http://")) {
            rest = rest.substring("http://".length());
            if (rest.endsWith("/")) {
                rest = rest.substring(0, rest.length() - 1);
            }
        }
        if (Quantity.isNumber(rest, 5)) {
            throw new Malformed(code, "expected an address such as :8080", ":" + rest);
        }
        Parts parts = parts(rest, code);
        if (parts.port == null) {
            throw new Malformed(code, "expected a port after the address", withPort(parts, 80));
        }
        int port = port(parts.port, 0, code);
        if (parts.host.isEmpty() || parts.host.equals("*")) {
            return new ListenAddress("*", port);
        }
        String host = literal(parts.host);
        if (host == null) {
            throw new Malformed(
                    code,
                    "expected an IP address or * before the port",
                    parts.host.equalsIgnoreCase("localhost") ? "127.0.0.1:" + port : null);
        }
        return new ListenAddress(host, port);
    }

    /**
     * {@code 10.0.0.1:80}, {@code app:80}, {@code [::1]:80}.
     *
     * @param defaultPort taken when {@code text} has none; 0 makes that an error
     */
    static NodeAddress node(String text, int defaultPort) throws Malformed {
        ProblemCode code = ProblemCode.BAD_NODE_ADDRESS;
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            String rest = text.substring(scheme + 3);
            int slash = rest.indexOf('/');
            rest = slash < 0 ? rest : rest.substring(0, slash);
            throw new Malformed(
                    code,
                    "expected host:port without a scheme",
                    rest.isEmpty() ? null : withPort(parts(rest, code), 80));
        }
        if (text.indexOf('/') >= 0) {
            String rest = text.substring(0, text.indexOf('/'));
            throw new Malformed(
                    code,
                    "expected host:port without a path",
                    rest.isEmpty() ? null : withPort(parts(rest, code), 80));
        }
        Parts parts = parts(text, code);
        String literal = literal(parts.host);
        if (literal == null) {
            checkName(parts.host, code);
        } else if (literal.equals("0.0.0.0") || literal.equals("::")) {
            throw new Malformed(code, "expected the address of one machine", null);
        }
        if (parts.port == null && defaultPort == 0) {
            throw new Malformed(code, "expected a port after the host", withPort(parts, 80));
        }
        int port = parts.port == null ? defaultPort : port(parts.port, 1, code);
        return new NodeAddress(
                literal == null ? parts.host.toLowerCase(Locale.ROOT) : literal, port);
    }

    /** {@code 10.0.0.2} or {@code 10.0.0.2:53}; comes out with its port. */
    static String nameServer(String text) throws Malformed {
        ProblemCode code = ProblemCode.BAD_ADDRESS;
        String whole = literal(text);
        if (whole != null) {
            return new NodeAddress(whole, 53).toString();
        }
        Parts parts = parts(text, code);
        String host = literal(parts.host);
        if (host == null) {
            throw new Malformed(code, "expected the IP address of a name server", null);
        }
        return new NodeAddress(host, parts.port == null ? 53 : port(parts.port, 1, code))
                .toString();
    }

    /** {@code 10.0.0.0/8}, or one address. */
    static String block(String text) throws Malformed {
        ProblemCode code = ProblemCode.BAD_ADDRESS;
        int slash = text.indexOf('/');
        String host = literal(slash < 0 ? text : text.substring(0, slash));
        if (host == null) {
            throw new Malformed(code, "expected an address block such as 10.0.0.0/8", null);
        }
        if (slash < 0) {
            return host;
        }
        byte[] bytes = InetAddress.ofLiteral(host).getAddress();
        String length = text.substring(slash + 1);
        if (!Quantity.isNumber(length, 3) || Integer.parseInt(length) > bytes.length * 8) {
            throw new Malformed(
                    code, "expected a number from 0 to " + bytes.length * 8 + " after the /", null);
        }
        int bits = Integer.parseInt(length);
        boolean exact = true;
        for (int bit = bits; bit < bytes.length * 8; bit++) {
            int mask = 0x80 >> (bit % 8);
            exact &= (bytes[bit / 8] & mask) == 0;
            bytes[bit / 8] &= (byte) ~mask;
        }
        if (!exact) {
            throw new Malformed(
                    code,
                    "expected nothing but zeros behind the first " + bits + " bits",
                    written(bytes) + "/" + bits);
        }
        return host + "/" + bits;
    }

    /** The one spelling of the IP address in {@code text}; null when it is none. */
    static @Nullable String literal(String text) {
        if (text.indexOf(':') < 0) {
            String[] parts = text.split("\\.", -1);
            if (parts.length != 4) {
                return null;
            }
            for (String part : parts) {
                if (!Quantity.isNumber(part, 3)
                        || (part.length() > 1 && part.charAt(0) == '0')
                        || Integer.parseInt(part) > 255) {
                    return null;
                }
            }
            return text;
        }
        if (!text.matches("[0-9A-Fa-f:.]{2,45}")) {
            return null;
        }
        try {
            return written(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** IPv4 with dots; IPv6 by RFC 5952: small letters, the longest run of zeros left out. */
    private static String written(byte[] bytes) {
        if (bytes.length == 4) {
            return (bytes[0] & 255)
                    + "."
                    + (bytes[1] & 255)
                    + "."
                    + (bytes[2] & 255)
                    + "."
                    + (bytes[3] & 255);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 255) << 8 | (bytes[2 * i + 1] & 255);
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int start = 0; start < 8; start++) {
            int length = 0;
            while (start + length < 8 && groups[start + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                bestStart = start;
                bestLength = length;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                out.append("::");
                i += bestLength - 1;
            } else {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                    out.append(':');
                }
                out.append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    /**
     * Whether the address in {@code literal} stands for every address of its family, or of both.
     */
    static boolean isWildcard(String literal) {
        return literal.equals("*") || literal.equals("0.0.0.0") || literal.equals("::");
    }

    /** Whether the address in {@code literal} is only reachable from this machine. */
    static boolean isLoopback(String literal) {
        return !literal.equals("*") && InetAddress.ofLiteral(literal).isLoopbackAddress();
    }

    private static Parts parts(String text, ProblemCode code) throws Malformed {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            String after = end < 0 ? "" : text.substring(end + 1);
            if (end < 0 || literal(text.substring(1, end)) == null) {
                throw new Malformed(code, "expected an IPv6 address in the brackets", null);
            }
            if (!after.isEmpty() && !after.startsWith(":")) {
                throw new Malformed(code, "expected a ':' and a port after the ']'", null);
            }
            return new Parts(
                    text.substring(1, end), true, after.isEmpty() ? null : after.substring(1));
        }
        int first = text.indexOf(':');
        int last = text.lastIndexOf(':');
        if (first != last) {
            String host = text.substring(0, last);
            String port = text.substring(last + 1);
            throw new Malformed(
                    code,
                    "expected an IPv6 address in brackets",
                    literal(host) != null && Quantity.isNumber(port, 5)
                            ? "[" + host + "]:" + port
                            : null);
        }
        return first < 0
                ? new Parts(text, false, null)
                : new Parts(text.substring(0, first), false, text.substring(first + 1));
    }

    private static @Nullable String withPort(Parts parts, int port) {
        if (parts.host.isEmpty()) {
            return null;
        }
        String host = parts.bracketed ? "[" + parts.host + "]" : parts.host;
        return host + ":" + (parts.port == null ? port : parts.port);
    }

    private static int port(String text, int smallest, ProblemCode code) throws Malformed {
        if (!Quantity.isNumber(text, 5)
                || Integer.parseInt(text) < smallest
                || Integer.parseInt(text) > 65535) {
            throw new Malformed(
                    code, "expected a port from " + smallest + " to 65535 after the ':'", null);
        }
        return Integer.parseInt(text);
    }

    /** Checks a DNS name; underscores are let in because container names have them. */
    private static void checkName(String host, ProblemCode code) throws Malformed {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || name.length() > 253) {
            throw new Malformed(code, "expected a host of 1 to 253 characters", null);
        }
        String[] labels = name.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new Malformed(code, "expected an IP address or a host name", null);
            }
        }
        // A name that ends in a number is a mistyped IPv4 address: RFC 3696 section 2.
        if (Quantity.isNumber(labels[labels.length - 1], 63)) {
            throw new Malformed(code, "expected four numbers from 0 to 255, or a host name", null);
        }
    }

    /** The address to listen on that stands in {@code node}; null when that was found faulty. */
    static @Nullable ListenAddress listen(Node node, Problems problems) {
        if (problems.isFaulty(node) || !(node instanceof Scalar scalar)) {
            return null;
        }
        try {
            return listen(scalar.text());
        } catch (Malformed e) {
            throw new IllegalStateException("the structure was not checked", e);
        }
    }

    /** The address blocks of a list whose structure has been checked. */
    static List<String> blocks(Section s, String key) {
        List<String> blocks = new ArrayList<>();
        for (String text : s.texts(key)) {
            try {
                blocks.add(block(text));
            } catch (Malformed e) {
                throw new IllegalStateException("the structure was not checked", e);
            }
        }
        return blocks;
    }
}
