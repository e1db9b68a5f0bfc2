package io.weir.soap.table;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A value of a structure. Immutable, apart from {@code byte[]} members.
 *
 * @param members by name, in the order of the type; a member that is not there is empty
 */
public record StructValue(SoapType.Struct type, Map<String, Object> members) {

    public StructValue {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** A structure out of its members' values in the order of the type. */
    public static StructValue of(SoapType.Struct type, Object... values) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            members.put(type.members().get(i).name(), values[i]);
        }
        return new StructValue(type, members);
    }

    /** A member that is a text; empty when it is not there. */
    public String text(String member) {
        return members.get(member) instanceof String text ? text : "";
    }

    /** A member that is a whole number; 0 when it is not there. */
    public long number(String member) {
        return members.get(member) instanceof Long number ? number : 0;
    }

    /** A member that is yes or no; no when it is not there. */
    public boolean flag(String member) {
        return Boolean.TRUE.equals(members.get(member));
    }

    /** Any member; null when it is not there. */
    public @Nullable Object get(String member) {
        return members.get(member);
    }
}
