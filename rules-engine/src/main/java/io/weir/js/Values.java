package io.weir.js;

import io.weir.function.Any;

import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of JavaScript as plain Java ones; a Uint8Array is a text to all functions. */
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
        if (isBytes(value)) {
            return text(value);
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

    private static boolean isBytes(Value value) {
        if (!value.hasArrayElements()) {
            return false;
        }
        Value maker = value.getMetaObject();
        return maker != null && maker.getMetaSimpleName().equals("Uint8Array");
    }

    /** Bytes as rules keep texts: a character for each. */
    private static String text(Value bytes) {
        byte[] all = new byte[(int) bytes.getArraySize()];
        bytes.getMember("buffer")
                .readBuffer(bytes.getMember("byteOffset").asLong(), all, 0, all.length);
        return new String(all, StandardCharsets.ISO_8859_1);
    }
}
