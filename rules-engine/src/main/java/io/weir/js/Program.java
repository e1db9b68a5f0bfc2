package io.weir.js;

import io.weir.config.RuleConfig;

import org.graalvm.polyglot.Source;

import java.util.List;

/**
 * The text of a rule as the engine runs it: the body of a function, with families of its own when
 * it may have to wait. Immutable.
 */
final class Program {

    private final String name;
    private final SourceText text;
    private final Source source;
    private final int prefix;
    private final boolean waits;

    Program(RuleConfig rule, SourceText text, List<String> familiesAgain) {
        this(rule, text, familiesAgain, text.waits());
    }

    /**
     * @param waits whether to run it as one that may have to wait, so that its calls are noted
     */
    Program(RuleConfig rule, SourceText text, List<String> familiesAgain, boolean waits) {
        this.name = rule.name();
        this.text = text;
        this.waits = waits;
        String parameters = waits ? String.join(",", familiesAgain) : "";
        String head =
                "(" + (text.async() ? "async " : "") + "function(" + parameters + "){'use strict';";
        prefix = head.length();
        source = source(head + text.text() + "\n})");
    }

    private Source source(String content) {
        return Source.newBuilder("js", content, name + ".js").buildLiteral();
    }

    /**
     * The same between other brackets: a text that closes the function early fits only one of them.
     */
    Source otherwise() {
        String head = "[" + (text.async() ? "async " : "") + "function(){'use strict';";
        return source(head + text.text() + "\n}]");
    }

    Source source() {
        return source;
    }

    String name() {
        return name;
    }

    /** Whether it may have to wait. */
    boolean waits() {
        return waits;
    }

    boolean async() {
        return text.async();
    }

    /** The column in the operator's file. */
    int column(int line, int column) {
        return line == 1 ? Math.max(1, column - prefix) : column;
    }
}
