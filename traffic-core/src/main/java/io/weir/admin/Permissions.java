package io.weir.admin;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What somebody may do, by kind of object: the sections of the configuration ({@code pools}, {@code
 * virtual-servers}, …, {@code global}) and what else there is to administer ({@code events}, {@code
 * audit}, {@code users}, …). One matrix for SOAP, REST and the web pages. Immutable.
 *
 * @param granted by kind, none of them empty; {@link #EVERYTHING} stands for every kind but {@link
 *     #USERS}
 */
public record Permissions(Map<String, Set<Permission>> granted) {

    /** Every kind of object but users. */
    public static final String EVERYTHING = "*";

    /** Users, their roles and tokens; never granted by {@link #EVERYTHING}. */
    public static final String USERS = "users";

    public static final Permissions NONE = new Permissions(Map.of());

    /** All there is, users included. */
    public static final Permissions ALL =
            new Permissions(
                    Map.of(
                            EVERYTHING, EnumSet.allOf(Permission.class),
                            USERS, EnumSet.allOf(Permission.class)));

    public Permissions {
        Map<String, Set<Permission>> copy = new LinkedHashMap<>();
        granted.forEach(
                (kind, set) -> {
                    if (!set.isEmpty()) {
                        copy.put(kind, Set.copyOf(set));
                    }
                });
        granted = Map.copyOf(copy);
    }

    /** Whether {@code permission} is granted for objects of {@code kind}. */
    public boolean allows(String kind, Permission permission) {
        return granted.getOrDefault(kind, Set.of()).contains(permission)
                || (!kind.equals(USERS)
                        && granted.getOrDefault(EVERYTHING, Set.of()).contains(permission));
    }

    /** Whether nothing is granted but to read. */
    public boolean areViewOnly() {
        return granted.values().stream().allMatch(set -> set.equals(Set.of(Permission.READ)));
    }

    /** What either grants. */
    public Permissions with(Permissions other) {
        Map<String, Set<Permission>> all = new LinkedHashMap<>(granted);
        other.granted.forEach(
                (kind, set) ->
                        all.merge(
                                kind,
                                set,
                                (a, b) -> {
                                    Set<Permission> both = EnumSet.noneOf(Permission.class);
                                    both.addAll(a);
                                    both.addAll(b);
                                    return both;
                                }));
        return new Permissions(all);
    }

    /** What both grant: for tokens that may do less than their owner. */
    public Permissions limitedTo(Permissions other) {
        Map<String, Set<Permission>> common = new LinkedHashMap<>();
        for (Permissions each : new Permissions[] {this, other}) {
            for (String kind : each.granted.keySet()) {
                Set<Permission> both = EnumSet.noneOf(Permission.class);
                for (Permission permission : Permission.values()) {
                    if (allows(kind, permission) && other.allows(kind, permission)) {
                        both.add(permission);
                    }
                }
                common.put(kind, both);
            }
        }
        return new Permissions(common);
    }
}
