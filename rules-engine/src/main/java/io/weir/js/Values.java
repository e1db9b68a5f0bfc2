package io.weir.js;

import io.weir.function.Any;

import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of JavaScript as plain Java ones. */
final class Values {

    private static final int MAX_DEPTH = 64;

    private Values() {}

    static Any plain(Value value) {
        return new Any(plain(value, 0));
    }

    private static @Nullable Object plain(Value value, int depth) {
        if (value.isNull() || depth > MAX_DEPTH) {
            return null;
        }
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (value.isNumber()) {
            return value.fitsInInt() ? (Object) value.asInt() : (Object) value.asDouble();
        }
        if (value.isString()) {
            return value.asString();
        }
        if (value.isHostObject()) {
            return value.asHostObject();
        }
        if (value.hasArrayElements()) {
            List<@Nullable Object> list = new ArrayList<>();
            for (long i = 0, n = value.getArraySize(); i < n; i++) {
                list.add(plain(value.getArrayElement(i), depth + 1));
            }
            return list;
        }
        if (value.hasMembers() && !value.canExecute()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (String key : value.getMemberKeys()) {
                map.put(key, plain(value.getMember(key), depth + 1));
            }
            return map;
        }
        return value.toString();
    }
}
