package io.weir.config.load;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a configuration may draw on besides its own files.
 *
 * @param variables for {@code ${env:NAME}}
 * @param secrets directory of the files for {@code ${file:NAME}}; it need not exist
 */
public record Environment(Map<String, String> variables, Path secrets) {

    public Environment {
        variables = Map.copyOf(variables);
    }

    /** The environment of a main file: its secrets lie in {@code secrets} beside it. */
    public static Environment of(Map<String, String> variables, Path main) {
        return new Environment(variables, main.resolveSibling("secrets"));
    }
}
