package io.weir.js;

import io.weir.js.Tokens.Kind;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The text of a rule made ready: functions of the families get their one spelling, whatever case
 * the rule writes them in, and it is found out whether the rule may have to wait. No character
 * changes its place. Immutable.
 */
final class SourceText {

    private static final String REGEX_MAY_FOLLOW = "(,=:[!&|?{};+-*%<>~^";
    private static final Set<String> REGEX_MAY_FOLLOW_WORD =
            Set.of(
                    "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "do",
                    "else", "await");

    private final StringBuilder text;
    private final Map<String, Boolean> functions;
    private final Map<String, String> spellings;
    private final List<Call> calls = new ArrayList<>();
    private final Tokens tokens;
    private final Deque<Integer> parentheses = new ArrayDeque<>();
    private final Deque<Character> braces = new ArrayDeque<>();
    private boolean waits;
    private boolean async;
    private boolean streams;
    private int calling = -1;

    /**
     * A call of a function that may wait.
     *
     * @param start index of its name
     * @param end index behind its last parenthesis
     */
    record Call(int start, int end) {}

    /**
     * @param functions whether it may wait, by the full name of each function
     * @param spellings full names by the same in lower case
     */
    SourceText(String source, Map<String, Boolean> functions, Map<String, String> spellings) {
        this.text = new StringBuilder(source);
        this.tokens = new Tokens(text);
        this.functions = functions;
        this.spellings = spellings;
        scan();
    }

    String text() {
        return text.toString();
    }

    /** Whether the rule names a function that may wait. */
    boolean waits() {
        return waits;
    }

    /** Whether the rule uses {@code await}. */
    boolean async() {
        return async;
    }

    /** Whether the rule names a function of {@code http.stream}. */
    boolean streams() {
        return streams;
    }

    /** The calls of functions that may wait, those within others first. */
    List<Call> calls() {
        return calls;
    }

    /** The text in pieces. */
    Tokens tokens() {
        return tokens;
    }

    private void scan() {
        int i = 0;
        char last = '(';
        String lastWord = "";
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
                continue;
            }
            if (c == '/' && i + 1 < text.length() && text.charAt(i + 1) == '/') {
                i = lineEnd(i);
                continue;
            }
            if (c == '/' && i + 1 < text.length() && text.charAt(i + 1) == '*') {
                int end = text.indexOf("*/", i + 2);
                i = end < 0 ? text.length() : end + 2;
                continue;
            }
            if (c == '#' && hashComment(i)) {
                tokens.add(Kind.HASH_COMMENT, i, i + 1);
                i = lineEnd(i);
                continue;
            }
            if (c == '\'' || c == '"') {
                int end = behindString(i, c);
                tokens.add(Kind.TEXT, i, end);
                i = end;
                last = '"';
                lastWord = "";
                continue;
            }
            if (c == '`') {
                int end = inTemplate(i + 1);
                tokens.add(Kind.TEXT, i, end);
                i = end;
                last = template(i) ? '(' : '"';
                lastWord = "";
                continue;
            }
            if (c == '}' && !braces.isEmpty() && braces.pop() == '`') {
                int end = inTemplate(i + 1);
                tokens.add(Kind.TEXT, i, end);
                i = end;
                last = template(i) ? '(' : '"';
                lastWord = "";
                continue;
            }
            if (c == '{') {
                braces.push(c);
            } else if (c == '(') {
                parentheses.push(calling);
            } else if (c == ')' && !parentheses.isEmpty()) {
                int start = parentheses.pop();
                if (start >= 0) {
                    calls.add(new Call(start, i + 1));
                }
            }
            calling = -1;
            if (c == '/'
                    && (REGEX_MAY_FOLLOW.indexOf(last) >= 0
                            || REGEX_MAY_FOLLOW_WORD.contains(lastWord))) {
                int end = behindRegex(i);
                tokens.add(Kind.TEXT, i, end);
                i = end;
                last = '"';
                lastWord = "";
                continue;
            }
            if (Character.isDigit(c)) {
                int end = number(i);
                tokens.add(Kind.NUMBER, i, end);
                i = end;
                last = '0';
                lastWord = "";
                continue;
            }
            if (Character.isJavaIdentifierStart(c)) {
                calling = -1;
                int end = behindName(i, last == '.');
                lastWord = text.substring(i, end);
                async |= lastWord.equals("await");
                names(i, end);
                last = 'a';
                i = end;
                continue;
            }
            tokens.add(Kind.SIGN, i, i + 1);
            last = c;
            lastWord = "";
            i++;
        }
    }

    /** Whether a # begins a comment, as in TrafficScript, rather than a name in a class. */
    private boolean hashComment(int at) {
        boolean first = text.substring(text.lastIndexOf("\n", at) + 1, at).isBlank();
        boolean name =
                at + 1 < text.length() && Character.isJavaIdentifierStart(text.charAt(at + 1));
        return !name || first && text.indexOf("class") < 0;
    }

    /** The tokens of a chain of names. */
    private void names(int from, int end) {
        int start = from;
        for (int i = from; i <= end; i++) {
            if (i == end || text.charAt(i) == '.') {
                tokens.add(Kind.NAME, start, i);
                start = i + 1;
                if (i < end) {
                    tokens.add(Kind.SIGN, i, start);
                }
            }
        }
    }

    /**
     * Goes through a template; returns the index behind its end, or behind the next opening of a
     * placeholder.
     */
    private int inTemplate(int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '`') {
            if (text.charAt(i) == '$' && i + 1 < text.length() && text.charAt(i + 1) == '{') {
                braces.push('`');
                return i + 2;
            }
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    /** Whether a part of a template begins at {@code i} that is code. */
    private boolean template(int i) {
        return i >= 2 && i <= text.length() && text.charAt(i - 1) == '{';
    }

    private int lineEnd(int from) {
        int end = text.indexOf("\n", from);
        return end < 0 ? text.length() : end;
    }

    private int behindString(int from, char quote) {
        int i = from + 1;
        while (i < text.length() && text.charAt(i) != quote) {
            if (text.charAt(i) == '\\') {
                i++;
            }
            i++;
        }
        return i + 1;
    }

    private int behindRegex(int from) {
        boolean set = false;
        int i = from + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\n') {
                return from + 1;
            }
            if (c == '\\') {
                i++;
            } else if (c == '[') {
                set = true;
            } else if (c == ']') {
                set = false;
            } else if (c == '/' && !set) {
                return i + 1;
            }
            i++;
        }
        return from + 1;
    }

    private int number(int from) {
        int i = from;
        while (i < text.length()
                && (Character.isLetterOrDigit(text.charAt(i))
                        || ".$_".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i;
    }

    /** Gives a chain of names that is a function its spelling; returns the index behind it. */
    private int behindName(int from, boolean member) {
        int end = from;
        int known = -1;
        String spelling = "";
        int i = from;
        while (true) {
            while (i < text.length() && Character.isJavaIdentifierPart(text.charAt(i))) {
                i++;
            }
            end = i;
            String found = spellings.get(text.substring(from, i).toLowerCase(Locale.ROOT));
            if (found != null) {
                known = i;
                spelling = found;
            }
            if (i + 1 < text.length()
                    && text.charAt(i) == '.'
                    && Character.isJavaIdentifierStart(text.charAt(i + 1))) {
                i++;
            } else {
                break;
            }
        }
        if (member || spelling.isEmpty()) {
            return end;
        }
        text.replace(from, known, spelling);
        streams |= spelling.startsWith("http.stream.");
        if (Boolean.TRUE.equals(functions.get(spelling))) {
            waits = true;
            calling = known == end ? from : -1;
        }
        return end;
    }
}
