package io.weir.soap.operations;

import io.weir.soap.table.Backing;
import io.weir.soap.table.SoapType;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The words of an enumeration on the wire and in the configuration. The table says {@code wire=key}
 * where they differ in more than dashes, {@code wire>key} for further words that may be set, and
 * {@code wire<key} for further words that may be in force.
 */
final class Words {

    private final Map<String, String> toKey = new LinkedHashMap<>();
    private final Map<String, String> toWire = new LinkedHashMap<>();
    private final boolean closed;

    private Words(Backing.Mapped backing) {
        boolean all = false;
        for (String pair : backing.words().subList(1, backing.words().size())) {
            int sign = Math.max(pair.indexOf('='), Math.max(pair.indexOf('>'), pair.indexOf('<')));
            String wire = pair.substring(0, sign);
            String key = pair.substring(sign + 1);
            if (pair.charAt(sign) != '<') {
                toKey.put(wire, key);
            }
            if (pair.charAt(sign) != '>') {
                toWire.put(key, wire);
            }
            // Words that are the same on both sides are written down where others must be refused.
            all |= wire.equals(key);
        }
        closed = all;
    }

    static Words of(Backing.Mapped backing) {
        return new Words(backing);
    }

    /** The word of the configuration; null when there is none. */
    @Nullable String toKey(String wire) {
        String known = toKey.get(wire);
        return known != null || closed || wire.isEmpty() ? known : wire.replace('_', '-');
    }

    /** The word on the wire; for nothing the first one that the table has. */
    String toWire(String key) {
        if (key.isEmpty()) {
            return toWire.isEmpty() ? "" : toWire.values().iterator().next();
        }
        String known = toWire.get(key);
        return known == null ? key.replace('-', '_') : known;
    }

    String expected(SoapType type) {
        if (closed) {
            return "one of " + String.join(", ", toKey.keySet());
        }
        return type instanceof SoapType.Choice choice
                ? "one of " + String.join(", ", choice.words())
                : "a word";
    }
}
