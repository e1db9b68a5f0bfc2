package io.weir.signin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The roles of somebody's groups: pure functions. */
final class Groups {

    private Groups() {}

    /**
     * The roles of a user.
     *
     * @param mapping entries such as {@code ops=operator}
     * @param groups that the user is in, whatever the case of their names
     */
    static List<String> roles(List<String> mapping, Collection<String> groups) {
        Set<String> folded = new LinkedHashSet<>();
        groups.forEach(group -> folded.add(group.toLowerCase(Locale.ROOT)));
        Set<String> roles = new LinkedHashSet<>();
        for (String pair : mapping) {
            int equals = pair.lastIndexOf('=');
            if (folded.contains(pair.substring(0, equals).toLowerCase(Locale.ROOT))) {
                roles.add(pair.substring(equals + 1));
            }
        }
        return new ArrayList<>(roles);
    }
}
