package io.weir.tm;

import java.util.List;

/**
 * A key of objects in the tree. Immutable.
 *
 * @param section of the object: {@code basic}
 * @param name within it: {@code pool}
 * @param kind of value; {@code fixed} for one that cannot change, {@code own} for one with code
 * @param key of the configuration, with a dot when it is in a mapping: {@code tls.verify}; the only
 *     value, as JSON, of a fixed one; empty for one with code
 * @param words how words of the wire are spelt in the configuration
 */
record TmKey(String section, String name, String kind, String key, List<String> words) {

    TmKey {
        words = List.copyOf(words);
    }

    /** Section and name. */
    String place() {
        return section + "." + name;
    }

    /** The word on the wire for one of the configuration. */
    String toWire(String word) {
        for (String each : words) {
            int at = Math.max(each.indexOf('='), each.indexOf('<'));
            if (each.substring(at + 1).equals(word)) {
                return each.substring(0, at);
            }
        }
        return word.replace('-', '_');
    }

    /** The word of the configuration for one of the wire. */
    String toKey(String wire) {
        for (String each : words) {
            int at = each.indexOf('=');
            if (at > 0 && each.substring(0, at).equals(wire)) {
                return each.substring(at + 1);
            }
        }
        return wire.replace('_', '-');
    }
}
