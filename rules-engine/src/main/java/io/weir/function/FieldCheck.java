package io.weir.function;

import java.util.Locale;
import java.util.Set;

/** Names of fields in answers that a rule makes. */
final class FieldCheck {

    private static final Set<String> REFUSED =
            Set.of("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade");

    private FieldCheck() {}

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
