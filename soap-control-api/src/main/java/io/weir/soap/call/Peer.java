package io.weir.soap.call;

import io.weir.control.Author;

/**
 * Who calls.
 *
 * @param author as changes are recorded
 */
public record Peer(Author author, Rights rights) {

    /** What somebody may do. */
    @FunctionalInterface
    public interface Rights {

        /**
         * Whether the caller may.
         *
         * @param section of the configuration, or another kind of thing such as {@code users}
         */
        boolean allows(String section, Access access);
    }

    /** Kinds of doing. */
    public enum Access {
        READ,
        CHANGE,
        /** What does not change the configuration: drains, weights, tests. */
        OPERATE
    }
}
