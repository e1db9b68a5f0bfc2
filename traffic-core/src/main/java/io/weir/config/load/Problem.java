package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * Something wrong, or doubtful, in a configuration.
 *
 * @param file as it was opened
 * @param line from 1; 0 when no line can be named
 * @param column from 1, in characters; 0 when no column can be named
 * @param path of the value in the model, {@code virtual-servers.web.listen[0]}; may be empty
 * @param message names the thing, the value found and what was expected; never shows a secret
 * @param suggestion what was probably meant, to be put in place of what stands there; null when
 *     there is no good guess
 */
public record Problem(
        Path file,
        int line,
        int column,
        String path,
        ProblemCode code,
        Severity severity,
        String message,
        @Nullable String suggestion) {

    /** Whether a configuration can be used in spite of the problem. */
    public enum Severity {
        WARNING,
        ERROR
    }

    /** Whether the problem keeps the configuration from being used. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /**
     * One line for people and for editors that jump to places: {@code weir.yaml:3:5: error
     * WEIR-C0103: unknown key 'lisen' in virtual-servers.web; did you mean 'listen'?}
     */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(file.toString()).append(':');
        if (line > 0) {
            out.append(line).append(':').append(column).append(':');
        }
        out.append(severity == Severity.ERROR ? " error " : " warning ");
        out.append(code.id()).append(": ").append(message);
        if (suggestion != null) {
            out.append("; did you mean '").append(suggestion).append("'?");
        }
        return out.toString();
    }
}
