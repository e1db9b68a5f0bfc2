package io.weir.js;

import io.weir.config.RuleConfig;

import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.SourceSection;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The text of a rule as the engine runs it: the body of a function, with families of its own when
 * it may have to wait. The same in all contexts, and safe for every thread.
 */
final class Program {

    /** What the names of rules have behind them as sources, and no others. */
    static final String SUFFIX = ".js";

    private static final String STRICT = "{'use strict';";

    private final String name;
    private final SourceText text;
    private final Source source;
    private final boolean waits;
    private final @Nullable Awaits awaits;
    private final String body;
    private final Hold hold = new Hold();

    Program(RuleConfig rule, SourceText text, List<String> familiesAgain) {
        this(rule, text, familiesAgain, text.waits() || text.streams());
    }

    /**
     * @param waits whether to run it as one that may have to wait, so that its calls are noted
     */
    Program(RuleConfig rule, SourceText text, List<String> familiesAgain, boolean waits) {
        this.name = rule.name();
        this.text = text;
        this.waits = waits;
        this.awaits = text.streams() ? new Awaits(text) : null;
        this.body = awaits == null ? text.text() : awaits.text();
        String parameters = waits ? String.join(",", familiesAgain) : "";
        source =
                source(
                        "("
                                + asynchronous()
                                + "function("
                                + parameters
                                + ")"
                                + STRICT
                                + body
                                + "\n})");
    }

    private Source source(String content) {
        return Source.newBuilder("js", content, name + SUFFIX).buildLiteral();
    }

    /**
     * The same as the body of an arrow function, behind which nothing but a colon may stand; and
     * none may stand behind {@link #source}. So no text that closes its function early fits both of
     * them, and whatever fits both is all within its function.
     */
    Source otherwise() {
        return source("(function(){0 ? " + asynchronous() + "() => " + STRICT + body + "\n} : 0})");
    }

    private String asynchronous() {
        return async() ? "async " : "";
    }

    Source source() {
        return source;
    }

    /** The text as its author has written it, but for the case of names. */
    SourceText text() {
        return text;
    }

    /** The text as it runs. */
    String body() {
        return body;
    }

    /** Whether it may call functions of {@code xml}. */
    boolean namesXml() {
        return body.contains("xml.");
    }

    String name() {
        return name;
    }

    /** What keeps it from running, wherever it does. */
    Hold hold() {
        return hold;
    }

    /** Whether it may have to wait. */
    boolean waits() {
        return waits;
    }

    boolean async() {
        return text.async() || pauses();
    }

    /**
     * Whether it goes on where it paused, as a rule has to that takes more than can be remembered,
     * rather than again from its beginning.
     */
    boolean pauses() {
        return text.streams();
    }

    /** Whether a place lies in the rule, rather than in what it calls; null does not. */
    boolean contains(@Nullable SourceSection place) {
        return place != null && place.getSource().getName().equals(source.getName());
    }

    /** The column in the operator's file of what begins at a place in the rule. */
    int column(SourceSection place) {
        int line = place.getStartLine();
        int its = place.getStartColumn();
        if (line == 1) {
            String whole = place.getSource().getCharacters().toString();
            its = Math.max(1, its - whole.indexOf(STRICT) - STRICT.length());
        }
        return awaits == null ? its : awaits.column(line, its);
    }
}
