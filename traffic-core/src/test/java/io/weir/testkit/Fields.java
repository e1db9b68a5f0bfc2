package io.weir.testkit;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The fields of a message in the order they were sent. */
public record Fields(List<Field> all) {

    public static final Fields NONE = new Fields(List.of());

    public Fields {
        all = List.copyOf(all);
    }

    /** The first value of {@code name} in any case, or null. */
    public @Nullable String first(String name) {
        for (Field field : all) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** Every value of {@code name} in any case. */
    public List<String> values(String name) {
        List<String> values = new ArrayList<>();
        for (Field field : all) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }

    /** Whether there is a field {@code name} in any case. */
    public boolean has(String name) {
        return first(name) != null;
    }

    /** Whether a field {@code name} lists {@code token}, both in any case. */
    public boolean lists(String name, String token) {
        for (String value : values(name)) {
            for (String part : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                if (part.strip().equals(token.toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
        }
        return false;
    }
}
