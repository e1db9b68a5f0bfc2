package io.weir.js;

import io.weir.js.Tokens.Kind;

import java.util.HashSet;
import java.util.Set;

/**
 * The names that a rule declares, somewhere in its text: rather too many than too few, since scopes
 * are not looked at.
 */
final class Declarations {

    private static final Set<String> WORDS = Set.of("let", "const", "var");

    /** In front of a parenthesis that has no parameters in it. */
    private static final Set<String> STATEMENTS = Set.of("if", "while", "switch", "with", "for");

    private final Tokens tokens;
    private final Set<String> declared = new HashSet<>();

    Declarations(Tokens tokens) {
        this.tokens = tokens;
        for (int i = 0; i < tokens.size(); i++) {
            look(i);
        }
    }

    boolean have(String name) {
        return declared.contains(name);
    }

    private void look(int i) {
        String name = tokens.at(i);
        if (tokens.isSign(i, "(") && declaresWithin(i)) {
            declareAll(i, tokens.behind(i));
        }
        if (!tokens.isName(i)) {
            return;
        }
        if (WORDS.contains(name)) {
            declareList(i + 1);
        } else if (name.equals("function") || name.equals("class") || name.equals("sub")) {
            declared.add(tokens.at(i + 1));
            declared.add(tokens.at(i + 2));
        } else if (tokens.isArrow(i + 1)) {
            declared.add(name);
        }
    }

    /** Whether what stands in a parenthesis are parameters, or the variable of a loop. */
    private boolean declaresWithin(int i) {
        String before = tokens.at(i - 1);
        int behind = tokens.behind(i);
        return tokens.isArrow(behind)
                || before.equals("foreach")
                || tokens.is(i - 1, Kind.NAME)
                        && tokens.isSign(behind, "{")
                        && !STATEMENTS.contains(before);
    }

    private void declareAll(int from, int to) {
        for (int i = from; i < to; i++) {
            if (tokens.is(i, Kind.NAME)) {
                declared.add(tokens.at(i));
            }
        }
    }

    /** The names behind {@code let}, with those in patterns, up to the end of the statement. */
    private void declareList(int from) {
        boolean value = false;
        int i = from;
        while (i < tokens.size() && !tokens.isSign(i, ";") && !tokens.isSign(i, ")]}")) {
            int next = tokens.opens(i) ? tokens.behind(i) : i + 1;
            if (tokens.isSign(i, ",")) {
                value = false;
            } else if (tokens.isSign(i, "=") || tokens.at(i).equals("of")) {
                value = true;
            } else if (!value) {
                declareAll(i, next);
            }
            i = next;
        }
    }
}
