package io.weir.js;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of a rule in pieces, in order, without blanks and comments. Whoever asks for one that is
 * not there gets the empty text, so that nobody has to look how many there are. Filled while the
 * text is gone through, and not changed afterwards.
 */
final class Tokens {

    /** What a piece is; a regular expression or a part of a template is a text. */
    enum Kind {
        NAME,
        TEXT,
        NUMBER,
        SIGN,
        /** A comment as it is written in TrafficScript, which JavaScript does not know. */
        HASH_COMMENT
    }

    /**
     * A piece of the text.
     *
     * @param start index of its first character
     * @param end index behind its last one
     */
    private record Token(Kind kind, int start, int end) {}

    private final CharSequence text;
    private final List<Token> all = new ArrayList<>();

    /** The index of the bracket that closes, by that of the one that opens. */
    private final Map<Integer, Integer> closing = new HashMap<>();

    private final Deque<Integer> open = new ArrayDeque<>();

    Tokens(CharSequence text) {
        this.text = text;
    }

    void add(Kind kind, int start, int end) {
        int index = all.size();
        all.add(new Token(kind, start, Math.min(end, text.length())));
        if (isSign(index, "([{")) {
            open.push(index);
        } else if (isSign(index, ")]}") && !open.isEmpty()) {
            closing.put(open.pop(), index);
        }
    }

    int size() {
        return all.size();
    }

    /** Where a piece begins in the text. */
    int start(int i) {
        return all.get(i).start();
    }

    Kind kind(int i) {
        return all.get(i).kind();
    }

    /** The characters of a piece. */
    String at(int i) {
        if (i < 0 || i >= all.size()) {
            return "";
        }
        return text.subSequence(all.get(i).start(), all.get(i).end()).toString();
    }

    boolean is(int i, Kind kind) {
        return i >= 0 && i < all.size() && all.get(i).kind() == kind;
    }

    /** Whether a piece is one of the signs. */
    boolean isSign(int i, String signs) {
        return is(i, Kind.SIGN) && signs.contains(at(i));
    }

    /** Whether a piece is a name that stands for itself, and not for a part of something. */
    boolean isName(int i) {
        boolean member = isSign(i - 1, ".") && !isSign(i - 2, ".");
        return is(i, Kind.NAME) && !member;
    }

    /** Whether a value may end with a piece. */
    boolean isValue(int i) {
        boolean word = is(i, Kind.NAME) || is(i, Kind.TEXT) || is(i, Kind.NUMBER);
        return word || isSign(i, ")]");
    }

    boolean isArrow(int i) {
        return isSign(i, "=") && isSign(i + 1, ">") && areJoined(i);
    }

    boolean isAssignment(int i) {
        boolean more = isSign(i + 1, "=>") && areJoined(i);
        return isSign(i, "=") && !more;
    }

    /** Whether nothing stands between a piece and the next one. */
    boolean areJoined(int i) {
        return between(i).isEmpty();
    }

    /** What stands between a piece and the next one: blanks and comments. */
    String between(int i) {
        int next = i + 1 < all.size() ? all.get(i + 1).start() : text.length();
        return text.subSequence(all.get(i).end(), next).toString();
    }

    boolean opens(int i) {
        return closing.containsKey(i);
    }

    /** The index behind the bracket that closes what is opened at {@code i}. */
    int behind(int i) {
        return closing.getOrDefault(i, all.size() - 1) + 1;
    }
}
