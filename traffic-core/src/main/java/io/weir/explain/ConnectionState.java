package io.weir.explain;

import org.jspecify.annotations.Nullable;

/** What a connection waits for, with the letters that ZXTM's connections page has. */
public enum ConnectionState {
    READING_FROM_CLIENT('R'),
    EXECUTING_RULE('X'),
    /** Also while waiting for a turn or for a node with room. */
    CONNECTING_TO_NODE('c'),
    WRITING_TO_NODE('w'),
    READING_FROM_NODE('r'),
    WRITING_TO_CLIENT('W'),
    CLOSING('C'),
    /** Between two requests. */
    KEEPING_ALIVE('K'),
    /** An exchange that ended within the last minute. */
    ENDED('E');

    private final char letter;

    ConnectionState(char letter) {
        this.letter = letter;
    }

    /** The letter for tables. */
    public String letter() {
        return String.valueOf(letter);
    }

    /** The state with a letter; null when there is none. */
    public static @Nullable ConnectionState of(String letter) {
        for (ConnectionState each : values()) {
            if (each.letter().equals(letter)) {
                return each;
            }
        }
        return null;
    }
}
