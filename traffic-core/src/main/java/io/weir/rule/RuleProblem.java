package io.weir.rule;

/**
 * Something that is wrong with the text of a rule.
 *
 * @param line from 1; 0 when the place is not known
 * @param column from 1
 */
public record RuleProblem(String rule, int line, int column, String text) {

    @Override
    public String toString() {
        return line == 0
                ? "rule " + rule + ": " + text
                : "rule " + rule + ", line " + line + ", column " + column + ": " + text;
    }
}
