package io.weir.control.local;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The arguments of a request; a value of the wrong type is malformed. */
record Arguments(Map<?, ?> values) {

    private static final Set<String> KNOWN =
            Set.of(
                    "action",
                    "allow-shrink",
                    "expected-revision",
                    "node",
                    "pool",
                    "owner",
                    "reason",
                    "seconds",
                    "deadline-seconds",
                    "at-deadline",
                    "idle-seconds",
                    "lease-seconds",
                    "weight",
                    "max",
                    "virtual-server",
                    "scheme",
                    "host",
                    "path",
                    "tag",
                    "soft",
                    "all",
                    "revision",
                    "from",
                    "to",
                    "edits",
                    "comment",
                    "dry-run",
                    "confirm-seconds",
                    "name",
                    "password",
                    "roles",
                    "note",
                    "id",
                    "kept",
                    "request",
                    "headers",
                    "min-status",
                    "before",
                    "client",
                    "state",
                    "ended",
                    "follow");

    Arguments(@Nullable Object value) {
        this(
                switch (value) {
                    case null -> Map.of();
                    case Map<?, ?> map -> map;
                    default ->
                            throw new IllegalArgumentException("the arguments are not an object");
                });
    }

    Arguments {
        for (Object name : values.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("there is no argument " + name);
            }
        }
    }

    @Nullable String text(String name) {
        return value(name, String.class, "text");
    }

    @Nullable Long number(String name) {
        return value(name, Long.class, "a whole number");
    }

    boolean truth(String name) {
        return Boolean.TRUE.equals(value(name, Boolean.class, "true or false"));
    }

    /** A list; empty when there is none. */
    List<?> list(String name) {
        List<?> value = value(name, List.class, "a list");
        return value == null ? List.of() : value;
    }

    private <T> @Nullable T value(String name, Class<T> type, String expected) {
        Object value = values.get(name);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "the argument " + name + " is " + value + ", expected " + expected);
        }
        return type.cast(value);
    }
}
