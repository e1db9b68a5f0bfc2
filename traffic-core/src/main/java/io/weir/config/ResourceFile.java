package io.weir.config;

import java.time.Instant;

/**
 * A file that rules may read (TrafficScript's extra files): one of the directory {@code resources}
 * beside the configuration, read when the configuration was.
 *
 * @param name relative to the directory, with {@code /} between its parts
 * @param content a text whose characters up to 255 stand for one byte each, as rules keep bytes
 * @param modified when the file was written last
 */
public record ResourceFile(String name, String content, Instant modified) {

    /** Shows the length of the content only: it may be long. */
    @Override
    public String toString() {
        return "ResourceFile[name=" + name + ", " + content.length() + " bytes]";
    }
}
