package io.weir.tm;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A type of objects in the tree. Immutable.
 *
 * @param name in the tree: {@code virtual_servers}
 * @param section of the configuration that holds them
 * @param what one of them is called: {@code virtual server}
 * @param keys by place, such as {@code basic.pool}, in order
 */
record TmType(String name, String section, String what, Map<String, TmKey> keys) {

    TmType {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** The key at a place; null when Weir has none there. */
    @Nullable TmKey key(String section, String name) {
        return keys.get(section + "." + name);
    }
}
