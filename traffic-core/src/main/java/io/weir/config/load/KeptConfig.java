package io.weir.config.load;

import java.util.Map;

/**
 * A configuration in one piece, to be loaded again when what it was made of is no longer sound: see
 * {@link ConfigWriter#kept} and {@link ConfigLoader#restore}. It has secrets in it. Immutable.
 *
 * @param text in canonical form, except that secrets that are no references stand in it
 * @param files the texts of rules and address lists, by their absolute paths
 */
public record KeptConfig(String text, Map<String, String> files) {

    public KeptConfig {
        files = Map.copyOf(files);
    }

    /** Shows nothing of the texts. */
    @Override
    public String toString() {
        return "KeptConfig[" + text.length() + " characters, " + files.size() + " files]";
    }
}
