package io.weir.cache;

/**
 * A text in which {@code *} stands for any characters, none included, and {@code \} takes the
 * meaning of the character behind it away. Matching takes time in proportion to the product of the
 * two lengths at most. Immutable.
 *
 * @param text as people write it; empty for everything
 */
public record Wildcard(String text) {

    /** Fits everything. */
    public static final Wildcard ANY = new Wildcard("");

    /** Fits {@code text} alone, whatever characters it has. */
    public static Wildcard exactly(String text) {
        return new Wildcard(text.replace("\\", "\\\\").replace("*", "\\*"));
    }

    /** Whether it fits everything. */
    public boolean any() {
        return text.isEmpty() || text.equals("*");
    }

    /** Whether it fits {@code other}. */
    public boolean fits(String other) {
        if (any()) {
            return true;
        }
        int p = 0;
        int at = 0;
        int star = -1;
        int retry = 0;
        while (at < other.length()) {
            if (p < text.length() && text.charAt(p) == '*') {
                star = p++;
                retry = at;
                continue;
            }
            boolean escape = p + 1 < text.length() && text.charAt(p) == '\\';
            int letter = escape ? p + 1 : p;
            if (letter < text.length() && text.charAt(letter) == other.charAt(at)) {
                p = letter + 1;
                at++;
            } else if (star >= 0) {
                p = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (p < text.length() && text.charAt(p) == '*') {
            p++;
        }
        return p == text.length();
    }

    @Override
    public String toString() {
        return text;
    }
}
