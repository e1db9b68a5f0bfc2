package io.weir.admin.users;

import io.weir.admin.Permission;
import io.weir.admin.Permissions;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** A named set of permissions. */
public record Role(String name, Permissions permissions) {

    /** All there is. */
    public static final String ADMIN = "admin";

    /** Every role that there is without being made, by name. */
    public static final Map<String, Role> BUILT_IN = builtIn();

    private static Map<String, Role> builtIn() {
        Map<String, Role> roles = new LinkedHashMap<>();
        roles.put(ADMIN, new Role(ADMIN, Permissions.ALL));
        roles.put(
                "editor",
                new Role(
                        "editor",
                        new Permissions(
                                Map.of(Permissions.EVERYTHING, EnumSet.allOf(Permission.class)))));
        roles.put(
                "operator",
                new Role(
                        "operator",
                        new Permissions(
                                Map.of(
                                        Permissions.EVERYTHING,
                                        EnumSet.of(Permission.READ, Permission.OPERATE)))));
        roles.put(
                "viewer",
                new Role(
                        "viewer",
                        new Permissions(
                                Map.of(Permissions.EVERYTHING, EnumSet.of(Permission.READ)))));
        return Map.copyOf(roles);
    }
}
