package io.weir.testkit;

import io.weir.admin.Permission;
import io.weir.admin.Permissions;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * What roles may, as the manual says it and in other words than the program's, for tests of
 * everything that asks for permissions: the built-in roles, and {@link #DRAINER}, which is made.
 */
public final class RoleTable {

    /** A role for who only drains nodes. */
    public static final String DRAINER = "drainer";

    /** All of them. */
    public static final List<String> NAMES =
            List.of("admin", "editor", "operator", "viewer", DRAINER);

    private RoleTable() {}

    /** What {@link #DRAINER} is made of. */
    public static Permissions drainer() {
        return new Permissions(Map.of("pools", EnumSet.of(Permission.READ, Permission.OPERATE)));
    }

    /**
     * Whether a role may do something to a kind of object.
     *
     * @param action read, operate or change
     */
    public static boolean may(String role, String kind, String action) {
        boolean ofUsers = kind.equals("users");
        return switch (role) {
            case "admin" -> true;
            case "editor" -> !ofUsers;
            case "operator" -> !ofUsers && !action.equals("change");
            case "viewer" -> !ofUsers && action.equals("read");
            case DRAINER -> kind.equals("pools") && !action.equals("change");
            default -> throw new IllegalArgumentException(role);
        };
    }
}
