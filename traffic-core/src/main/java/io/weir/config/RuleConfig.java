package io.weir.config;

import java.nio.file.Path;

/**
 * A rule of the catalog: a program that virtual servers run on requests and responses.
 *
 * @param file absolute
 * @param source what stood in the file when it was read; a rule whose text changed is another rule
 */
public record RuleConfig(String name, Path file, String source) {

    /** Shows the length of the source only: it may be long. */
    @Override
    public String toString() {
        return "RuleConfig[name="
                + name
                + ", file="
                + file
                + ", "
                + source.length()
                + " characters]";
    }
}
