package io.weir.tm;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The types of the tree, read from {@code tm.table}, which says how its lines are. Immutable. */
final class TmTable {

    private final Map<String, TmType> types;

    private TmTable(Map<String, TmType> types) {
        this.types = Collections.unmodifiableMap(types);
    }

    static TmTable load() {
        try (InputStream in = TmTable.class.getResourceAsStream("tm.table")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks tm.table");
            }
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TmTable read(String text) {
        Map<String, TmType> types = new LinkedHashMap<>();
        Map<String, TmKey> keys = new LinkedHashMap<>();
        String[] type = null;
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "type" -> {
                    add(types, type, keys);
                    keys = new LinkedHashMap<>();
                    type = line.split(" ", 4);
                }
                case "key" -> put(keys, words[1], words[2], words[3], rest(words, 4));
                case "fixed" -> put(keys, words[1], "fixed", words[2], List.of());
                case "own" -> put(keys, words[1], "own", "", List.of());
                case "", "#" -> {}
                default -> throw new IllegalStateException("tm.table: " + line);
            }
        }
        add(types, type, keys);
        return new TmTable(types);
    }

    private static List<String> rest(String[] words, int from) {
        return Arrays.asList(words).subList(from, words.length);
    }

    private static void put(
            Map<String, TmKey> keys, String place, String kind, String key, List<String> words) {
        int dot = place.indexOf('.');
        keys.put(
                place,
                new TmKey(place.substring(0, dot), place.substring(dot + 1), kind, key, words));
    }

    private static void add(
            Map<String, TmType> types, String @Nullable [] type, Map<String, TmKey> keys) {
        if (type != null) {
            types.put(type[1], new TmType(type[1], type[2], type[3], keys));
        }
    }

    /** All types by name, in order. */
    Map<String, TmType> types() {
        return types;
    }
}
