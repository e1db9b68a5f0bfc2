package io.weir.soap.table;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A type of a parameter or result. Values are Java objects: {@link String}, {@link Long} for every
 * whole number, {@link Boolean}, {@link Double}, {@link java.time.Instant}, {@code byte[]}, {@link
 * List} for lists, and {@link StructValue} for structures.
 */
public sealed interface SoapType {

    /** The name within its namespace: {@code string}, {@code Pool.WeightingsDefinition}. */
    String typeName();

    /** A type of XML Schema. */
    enum Scalar implements SoapType {
        STRING("string"),
        INT("int"),
        UNSIGNED_INT("unsignedInt"),
        LONG("long"),
        BOOLEAN("boolean"),
        FLOAT("float"),
        DOUBLE("double"),
        DATE_TIME("dateTime"),
        BASE64("base64Binary");

        private final String word;

        Scalar(String word) {
            this.word = word;
        }

        @Override
        public String typeName() {
            return word;
        }

        @Override
        public String toString() {
            return word;
        }

        /** The type of this name; null when there is none. */
        static @Nullable Scalar named(String name) {
            for (Scalar scalar : values()) {
                if (scalar.word.equals(name)) {
                    return scalar;
                }
            }
            return null;
        }
    }

    /**
     * A word among several; their order is part of the contract, because generated clients number
     * them.
     */
    record Choice(String typeName, List<String> words) implements SoapType {
        public Choice {
            words = List.copyOf(words);
        }
    }

    /**
     * A structure.
     *
     * @param base name of the structure that it extends; null for none
     */
    record Struct(String typeName, @Nullable String base, List<Part> members) implements SoapType {
        public Struct {
            members = List.copyOf(members);
        }
    }

    /** A list; two levels at most. */
    record ListOf(SoapType item) implements SoapType {
        @Override
        public String typeName() {
            String name = item.typeName();
            return (item == Scalar.STRING ? "String" : name) + "Array";
        }
    }
}
