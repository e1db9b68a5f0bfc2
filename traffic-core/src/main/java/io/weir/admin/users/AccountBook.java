package io.weir.admin.users;

import io.weir.admin.Permissions;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * All users and the roles made by people, swapped whole.
 *
 * @param users by name
 * @param roles by name, without those of {@link Role#BUILT_IN}
 */
public record AccountBook(Map<String, User> users, Map<String, Role> roles) {

    public static final AccountBook EMPTY = new AccountBook(Map.of(), Map.of());

    public AccountBook {
        users = Collections.unmodifiableMap(new TreeMap<>(users));
        roles = Collections.unmodifiableMap(new TreeMap<>(roles));
    }

    AccountBook with(User user) {
        Map<String, User> next = new TreeMap<>(users);
        next.put(user.name(), user);
        return new AccountBook(next, roles);
    }

    AccountBook without(String user) {
        Map<String, User> next = new TreeMap<>(users);
        next.remove(user);
        return new AccountBook(next, roles);
    }

    AccountBook with(Role role) {
        Map<String, Role> next = new TreeMap<>(roles);
        next.put(role.name(), role);
        return new AccountBook(users, next);
    }

    AccountBook withoutRole(String role) {
        Map<String, Role> next = new TreeMap<>(roles);
        next.remove(role);
        return new AccountBook(users, next);
    }

    boolean hasRole(String name) {
        return Role.BUILT_IN.containsKey(name) || roles.containsKey(name);
    }

    /** What the named roles grant together; a role that is not there grants nothing. */
    Permissions permissions(Collection<String> names) {
        Permissions sum = Permissions.NONE;
        for (String name : names) {
            Role role = Role.BUILT_IN.getOrDefault(name, roles.get(name));
            if (role != null) {
                sum = sum.with(role.permissions());
            }
        }
        return sum;
    }
}
