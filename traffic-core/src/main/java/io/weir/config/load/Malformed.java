package io.weir.config.load;

import org.jspecify.annotations.Nullable;

/** Says why a text is not a value of the kind that was expected. Carries no stack trace. */
final class Malformed extends Exception {

    private final ProblemCode code;
    private final String reason;
    private final @Nullable String suggestion;

    /**
     * @param reason follows "found 'x', " in the message, so it begins with a small letter
     */
    Malformed(ProblemCode code, String reason, @Nullable String suggestion) {
        super(reason, null, false, false);
        this.code = code;
        this.reason = reason;
        this.suggestion = suggestion;
    }

    ProblemCode code() {
        return code;
    }

    String reason() {
        return reason;
    }

    @Nullable String suggestion() {
        return suggestion;
    }
}
