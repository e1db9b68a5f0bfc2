package io.weir.function;

import java.util.Locale;
import java.util.Set;

/** Names of fields in answers that a rule makes. */
final class FieldCheck {

    private static final Set<String> REFUSED =
            Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade");

    private FieldCheck() {}

    /** {@code value} if it stays in its line. */
    static String value(String value) {
        if (value.chars().anyMatch(c -> c < 32 && c != '\t' || c == 127)) {
            throw new RuleErrorException("the value of a header field has a control character");
        }
        return value;
    }

    /** {@code name} if a rule may send it. */
    static String name(String name) {
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")) {
            throw new RuleErrorException("'" + name + "' is no name of a header field");
        }
        if (REFUSED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new RuleErrorException(
                    "the field " + name + " frames the message, so rules cannot set it");
        }
        return name;
    }
}
