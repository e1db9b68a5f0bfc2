package io.weir.js;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The text of a rule with {@code await} in front of every call that may wait, so that it goes on
 * where it paused. Lines stay what they are. Immutable.
 */
final class Awaits {

    private static final String AWAIT = "await ";

    /** For calls whose result is used on the spot: {@code f(x).length}. */
    private static final String AWAIT_WITHIN = "await (await ";

    private final String text;
    private final List<Inserted> inserted = new ArrayList<>();

    /**
     * Something that the rule's author did not write.
     *
     * @param index in the author's text
     */
    private record Insertion(int index, String text) {}

    /**
     * The same in the new text.
     *
     * @param line from 1
     * @param column from 1
     */
    private record Inserted(int line, int column, int length) {}

    Awaits(SourceText source) {
        String from = source.text();
        List<Insertion> insertions = new ArrayList<>();
        for (SourceText.Call call : source.calls()) {
            boolean within = goesOn(from, call.end());
            insertions.add(new Insertion(call.start(), within ? AWAIT_WITHIN : AWAIT));
            if (within) {
                insertions.add(new Insertion(call.end(), ")"));
            }
        }
        insertions.sort(Comparator.comparingInt(Insertion::index));
        StringBuilder out = new StringBuilder(from.length() + 16 * insertions.size());
        int at = 0;
        for (Insertion insertion : insertions) {
            out.append(from, at, insertion.index());
            at = insertion.index();
            note(out, insertion.text().length());
            out.append(insertion.text());
        }
        text = out.append(from, at, from.length()).toString();
    }

    /** Whether the result of the call before {@code from} is used by what follows it. */
    private static boolean goesOn(String text, int from) {
        int i = from;
        while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i < text.length() && ".[(?`".indexOf(text.charAt(i)) >= 0 && !ternary(text, i);
    }

    private static boolean ternary(String text, int i) {
        return text.charAt(i) == '?' && (i + 1 == text.length() || text.charAt(i + 1) != '.');
    }

    private void note(StringBuilder out, int length) {
        int line = 1;
        int start = 0;
        for (int i = out.indexOf("\n"); i >= 0; i = out.indexOf("\n", i + 1)) {
            line++;
            start = i + 1;
        }
        inserted.add(new Inserted(line, out.length() - start + 1, length));
    }

    String text() {
        return text;
    }

    /** The column in the author's text of what is at {@code column} of the new one. */
    int column(int line, int column) {
        int before = column;
        for (Inserted each : inserted) {
            if (each.line() == line && each.column() <= column) {
                before -= Math.min(each.length(), column - each.column());
            }
        }
        return before;
    }
}
