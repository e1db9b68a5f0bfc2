package io.weir.soap.table;

import java.util.List;

/** What stands behind an operation or a property in Weir, as far as the table says. */
public sealed interface Backing {

    /** Code that knows the operation by its name; without such code Weir lacks the capability. */
    record Code() implements Backing {}

    /**
     * Weir lacks the capability.
     *
     * @param reason a clause such as {@code no autoscaling}
     */
    record Lacking(String reason) implements Backing {}

    /**
     * A general way of doing it.
     *
     * @param kind such as {@code seconds}
     * @param words what the kind needs to know, such as the key
     */
    record Mapped(String kind, List<String> words) implements Backing {
        public Mapped {
            words = List.copyOf(words);
        }

        /** A word by its place; empty when there is none. */
        public String word(int index) {
            return index < words.size() ? words.get(index) : "";
        }
    }
}
