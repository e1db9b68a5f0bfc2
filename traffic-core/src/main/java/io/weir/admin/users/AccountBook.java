package io.weir.admin.users;

import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.admin.users.AccountRefusedException.Kind;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * All users and the roles made by people, swapped whole; and what such a book must hold to.
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

    /** The user with this name, whatever its case; null when there is none. */
    @Nullable User spelt(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        for (User user : users.values()) {
            if (user.name().toLowerCase(Locale.ROOT).equals(folded)) {
                return user;
            }
        }
        return null;
    }

    /** The user with exactly this name. */
    User user(String name) throws AccountRefusedException {
        User user = users.get(name);
        if (user == null) {
            throw new AccountRefusedException(Kind.NOT_FOUND, "there is no user " + name);
        }
        return user;
    }

    /** A user that Weir itself knows; of others it keeps neither passwords nor tokens. */
    User own(String name) throws AccountRefusedException {
        User user = user(name);
        if (user.source() != User.Source.LOCAL) {
            throw new AccountRefusedException(
                    Kind.CONFLICT,
                    "the user "
                            + name
                            + " is known by "
                            + user.source().keyword()
                            + ", which keeps password and roles");
        }
        return user;
    }

    /** The book with room for a user: of those whom others know, the one longest away may go. */
    AccountBook withRoom(int max) throws AccountRefusedException {
        if (users.size() < max) {
            return this;
        }
        User oldest =
                users.values().stream()
                        .filter(user -> user.source() != User.Source.LOCAL)
                        .min(Comparator.comparing(AccountBook::latest))
                        .orElse(null);
        if (oldest == null) {
            throw new AccountRefusedException(
                    Kind.UNAVAILABLE, "there are " + max + " users, which is the most");
        }
        return without(oldest.name());
    }

    private static Instant latest(User user) {
        return Objects.requireNonNullElse(user.lastSignIn(), user.created());
    }

    /** Refuses roles that there are not. */
    void mustHave(Collection<String> names) throws AccountRefusedException {
        for (String name : names) {
            if (!hasRole(name)) {
                List<String> known = new ArrayList<>(Role.BUILT_IN.keySet());
                known.addAll(roles.keySet());
                known.sort(null);
                throw AccountRefusedException.invalid(
                        "role", "'" + name + "'", "one of " + String.join(", ", known));
            }
        }
    }

    /** Refuses a role that was not made by people, or that somebody has. */
    void mustBeFree(String role) throws AccountRefusedException {
        if (!roles.containsKey(role)) {
            throw new AccountRefusedException(
                    Kind.NOT_FOUND, "there is no role " + role + " that was made by people");
        }
        for (User user : users.values()) {
            boolean used =
                    user.roles().contains(role)
                            || user.tokens().stream().anyMatch(t -> t.roles().contains(role));
            if (used) {
                throw new AccountRefusedException(
                        Kind.CONFLICT, "the user " + user.name() + " has the role " + role);
            }
        }
    }

    /** Refuses this book when nobody may administer users any more, as somebody could before. */
    void mustStayAdministered(AccountBook before) throws AccountRefusedException {
        if (before.isAdministered() && !isAdministered()) {
            throw new AccountRefusedException(
                    Kind.CONFLICT, "nobody would be left who may administer users");
        }
    }

    /** Whether somebody may administer users, also when nobody else can be asked. */
    private boolean isAdministered() {
        return users.values().stream()
                .filter(user -> user.source() == User.Source.LOCAL)
                .anyMatch(
                        user ->
                                permissions(user.roles())
                                        .allows(Permissions.USERS, Permission.CHANGE));
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
