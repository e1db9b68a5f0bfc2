package io.weir.rule;

/**
 * A function that rules can call, as manuals and editors show it.
 *
 * @param name in full: {@code http.getHeader}
 * @param signature name and parameters, those that may be left out in brackets
 * @param family the word before the first dot
 * @param text what it does; empty for those that are documented by their family only
 * @param waits whether it may suspend the rule
 */
public record FunctionText(
        String name, String signature, String family, String text, boolean waits) {}
