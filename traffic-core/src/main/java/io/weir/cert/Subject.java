package io.weir.cert;

import java.net.IDN;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.security.auth.x500.X500Principal;

/**
 * Who a new certificate is for.
 *
 * @param distinguishedName as RFC 2253 writes it
 * @param hosts host names and wildcard names in lower case
 * @param addresses in text form
 */
public record Subject(String distinguishedName, List<String> hosts, List<String> addresses) {

    /** The upper bound of X.520 for a common name. */
    private static final int LONGEST_COMMON_NAME = 64;

    private static final int LONGEST_HOST = 253;

    private static final Pattern HOST =
            Pattern.compile(
                    "(\\*\\.)?(?!-)[a-z0-9_-]{1,63}(?<!-)(\\.(?!-)[a-z0-9_-]{1,63}(?<!-))*");

    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

    public Subject {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
    }

    /**
     * A subject for servers.
     *
     * @param names host names, wildcard names and addresses; the first one names it
     * @throws IllegalArgumentException when a name is none; the message says which and why
     */
    public static Subject server(List<String> names) {
        LinkedHashSet<String> hosts = new LinkedHashSet<>();
        List<String> addresses = new ArrayList<>();
        for (String name : names) {
            if (IPV4.matcher(name).matches() || name.contains(":")) {
                addresses.add(address(name));
            } else {
                hosts.add(host(name));
            }
        }
        String first = names.getFirst();
        String common = hosts.isEmpty() || addresses.contains(first) ? first : host(first);
        // Only people read the common name of a certificate that has other names.
        common = common.substring(0, Math.min(common.length(), LONGEST_COMMON_NAME));
        return new Subject(commonName(common), List.copyOf(hosts), addresses);
    }

    /** A subject with a common name and nothing else, for authorities. */
    public static Subject named(String commonName) {
        if (commonName.isBlank() || commonName.length() > LONGEST_COMMON_NAME) {
            throw new IllegalArgumentException(
                    "the name is '" + commonName + "', expected 1 to 64 characters");
        }
        return new Subject(commonName(commonName), List.of(), List.of());
    }

    /** The same names under another distinguished name, such as {@code CN=a.example,O=A}. */
    public Subject withDistinguishedName(String name) {
        String sound;
        try {
            sound = new X500Principal(name).getName();
        } catch (IllegalArgumentException e) {
            sound = "";
        }
        if (sound.isEmpty()) {
            throw new IllegalArgumentException(
                    "the subject is '" + name + "', expected such as CN=a.example,O=Example,C=SE");
        }
        return new Subject(sound, hosts, addresses);
    }

    private static String commonName(String value) {
        StringBuilder escaped = new StringBuilder("CN=");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean edge = c == ' ' && (i == 0 || i == value.length() - 1);
            if (edge || ",+\"\\<>;=#".indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    private static String address(String name) {
        if (IPV4.matcher(name).matches() || org.bouncycastle.util.IPAddress.isValidIPv6(name)) {
            return name;
        }
        throw wrong(name);
    }

    private static String host(String name) {
        String ascii;
        try {
            ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw wrong(name);
        }
        if (ascii.length() > LONGEST_HOST || !HOST.matcher(ascii).matches()) {
            throw wrong(name);
        }
        return ascii;
    }

    private static IllegalArgumentException wrong(String name) {
        return new IllegalArgumentException(
                "the name is '"
                        + name
                        + "', expected a host name, such as a.example or *.a.example, or an"
                        + " address");
    }
}
