package io.weir.admin.server;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells whether a request's Host field can have come about honestly. A page in an operator's
 * browser can make a name of its own point at this machine (DNS rebinding), but neither an address
 * nor the names that the machine itself goes by. Safe for every thread.
 */
public final class HostCheck {

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+(%[0-9a-z._-]+)?]");
    private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");

    private final Set<String> names;

    /**
     * @param names of this machine, in lower case
     */
    public HostCheck(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    /** Whether a request with this Host field may be answered; null means there is none. */
    public boolean accepts(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return IPV4.matcher(name).matches()
                || IPV6.matcher(name).matches()
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || names.contains(name);
    }
}
