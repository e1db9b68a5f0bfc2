package io.weir.admin.users;

import java.util.regex.Pattern;

/** Which names users may have: pure functions. */
final class UserNames {

    private static final Pattern OWN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /**
     * What is visible, with blanks inside. Left out are the colon, which ends a name in RFC 7617,
     * and the angle brackets, which end one in a commit of the history.
     */
    private static final String VISIBLE = "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}&&[^:<>]]";

    private static final Pattern KNOWN =
            Pattern.compile(
                    "(?=.*[\\p{L}\\p{N}])"
                            + VISIBLE
                            + "(?:(?: |"
                            + VISIBLE
                            + "){0,62}"
                            + VISIBLE
                            + ")?");

    private UserNames() {}

    /** Whether a user or a role that is made here may be called so. */
    static boolean isOwn(String name) {
        return OWN.matcher(name).matches();
    }

    /**
     * @throws AccountRefusedException when no user that is made here may be called so
     */
    static void mustBeOwn(String name) throws AccountRefusedException {
        if (!isOwn(name)) {
            throw refusal(name, "up to 64 letters, digits, dots, dashes, underscores and at signs");
        }
    }

    /**
     * Lets users whom somebody else knows be called as they are called there.
     *
     * @throws AccountRefusedException when no user may be called so
     */
    static void mustBeKnown(String name) throws AccountRefusedException {
        if (!KNOWN.matcher(name).matches()) {
            throw refusal(
                    name,
                    "up to 64 visible characters, blanks between them, with a letter or digit and"
                            + " none of : < >");
        }
    }

    private static AccountRefusedException refusal(String name, String expected) {
        return AccountRefusedException.invalid("name", "'" + name + "'", expected);
    }
}
