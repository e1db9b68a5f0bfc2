package io.weir.function;

/**
 * Tells regular expressions that the JDK matches in the same way as RE2 does, and cannot be slow
 * at: a row of characters and classes, at most two of which repeat without end, with groups that
 * neither repeat nor nest. They are what rules mostly ask for, and the JDK matches them several
 * times as fast. Used on short texts, where two repetitions that try everything take milliseconds.
 */
final class SimpleRegex {

    /** Characters of a text up to which a simple expression is matched by the JDK. */
    static final int MAX_TEXT = 200;

    private static final int MAX_REPETITIONS = 2;

    private final String regex;
    private int at;

    private SimpleRegex(String regex) {
        this.regex = regex;
    }

    /** Whether {@code regex} is simple. */
    static boolean is(String regex) {
        return new SimpleRegex(regex).simple();
    }

    private boolean simple() {
        int repetitions = 0;
        boolean group = false;
        at = regex.startsWith("^") ? 1 : 0;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            if (c == '(' && !group && !regex.startsWith("(?", at)) {
                group = true;
                at++;
            } else if (c == ')' && group && !repeats(at + 1)) {
                group = false;
                at++;
            } else if (item()) {
                if (repeats(at)) {
                    repetitions += regex.charAt(at++) == '?' ? 0 : 1;
                }
                if (repeats(at)) {
                    return false; // as little as possible, or without coming back
                }
            } else {
                return false;
            }
        }
        return !group && repetitions <= MAX_REPETITIONS;
    }

    private boolean repeats(int index) {
        return index < regex.length() && "*+?".indexOf(regex.charAt(index)) >= 0;
    }

    /** Goes behind one character or class; false when it is none that both take alike. */
    private boolean item() {
        char c = regex.charAt(at);
        return c == '[' ? set() : c == '\\' ? escape() : c == '.' ? skip() : plain(c) && skip();
    }

    private boolean skip() {
        at++;
        return true;
    }

    private static boolean plain(char c) {
        return c >= ' ' && c <= '~' && "[](){}*+?|^$.\\".indexOf(c) < 0;
    }

    private boolean escape() {
        char c = at + 1 < regex.length() ? regex.charAt(at + 1) : 'Q';
        at += 2;
        return "dwrnt".indexOf(c) >= 0
                || c > ' ' && c <= '~' && c != '_' && !Character.isLetterOrDigit(c);
    }

    private boolean set() {
        at += regex.startsWith("[^", at) ? 2 : 1;
        int begin = at;
        while (at < regex.length() && regex.charAt(at) != ']') {
            char c = regex.charAt(at);
            boolean known = c == '\\' ? escape() : c >= ' ' && c <= '~' && c != '[' && skip();
            if (!known || c == '&' || c == '^' && at == begin + 1) {
                return false;
            }
        }
        return at < regex.length() && at > begin && skip();
    }
}
