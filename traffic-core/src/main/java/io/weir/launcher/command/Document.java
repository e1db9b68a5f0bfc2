package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An answer of Weir with convenient access: what is missing or of another type reads as empty, so
 * that an older or newer Weir can still be shown.
 */
record Document(Map<?, ?> values) {

    /** The object in {@code value}; an empty one if it is none. */
    static Document of(@Nullable Object value) {
        return new Document(value instanceof Map<?, ?> map ? map : Map.of());
    }

    /** The objects in the list {@code value}; empty if it is none. */
    static List<Document> list(@Nullable Object value) {
        List<Document> documents = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> documents.add(of(item)));
        }
        return documents;
    }

    Document object(String name) {
        return of(values.get(name));
    }

    List<Document> objects(String name) {
        return list(values.get(name));
    }

    List<String> texts(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** The value as text; empty when there is none. */
    String text(String name) {
        Object value = values.get(name);
        return value == null ? "" : value.toString();
    }

    /** The names that have values. */
    List<String> keys() {
        return values.keySet().stream().map(String::valueOf).toList();
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    long number(String name) {
        return values.get(name) instanceof Long number ? number : 0;
    }
}
