package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.event.EventTag;
import io.weir.rule.RuleOutcome;
import io.weir.xml.Xml;
import io.weir.xml.XmlException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Functions {@code xml.*}. Short documents are queried at once; long ones, and every
 * transformation, away from the event loop, while the rule waits.
 */
public final class XmlFunctions {

    private static final int SHORT = 10_000;

    @RuleFunction("Queries.")
    public final XPath xpath = new XPath();

    @RuleFunction("Transformations.")
    public final Xslt xslt = new Xslt();

    private final CurrentRun run;
    private final Waiting waiting;
    private final Xml xml;

    XmlFunctions(CurrentRun run, Waiting waiting, Xml xml) {
        this.run = run;
        this.waiting = waiting;
        this.xml = xml;
    }

    /** Something with XML; it may fail. */
    @FunctionalInterface
    private interface Work {
        Object get() throws XmlException;
    }

    private static Object done(Work work) {
        try {
            return work.get();
        } catch (XmlException e) {
            return e;
        }
    }

    /** The result, or the fallback after an event that says what was wrong. */
    private Object result(String function, boolean away, Work work, Object fallback) {
        long bytes = run.world().limits().memoryLimit();
        Object result =
                away
                        ? run.await(
                                function, taker -> waiting.working(bytes, () -> done(work), taker))
                        : done(work);
        if (result instanceof XmlException e) {
            if (e.isTooLong()) {
                run.finish(new RuleOutcome.Failed(function + ": " + e.getMessage()));
            }
            run.event(
                    EventTag.RULEXMLERR,
                    "rule " + run.rule() + ", " + function + ": " + e.getMessage());
            return fallback;
        }
        return result == null ? fallback : result;
    }

    /** Characters that a result may have. */
    private int limit() {
        return (int) Math.min(Integer.MAX_VALUE, run.world().limits().bodyLimit());
    }

    /** Functions {@code xml.xpath.*}, XPath 3.1. */
    public final class XPath {

        private Object select(
                String function,
                @Nullable String document,
                @Nullable String namespaces,
                @Nullable String query,
                Object fallback) {
            String text = orEmpty(document);
            int limit = limit();
            return result(
                    "xml.xpath." + function,
                    text.length() > SHORT,
                    () -> xml.select(text, orEmpty(namespaces), orEmpty(query), limit),
                    fallback);
        }

        @RuleFunction(
                value =
                        "The text of what the query finds in the document, empty if that is"
                                + " nothing. Namespaces: \"xmlns:p=uri xmlns:q=uri\".",
                suspends = true)
        public String matchNodeSet(
                @Nullable String document, @Nullable String namespaces, @Nullable String query) {
            Object found = select("matchNodeSet", document, namespaces, query, List.of());
            StringBuilder all = new StringBuilder();
            ((List<?>) found).forEach(all::append);
            return all.toString();
        }

        @RuleFunction(
                value = "How many nodes the query finds; -1 when document or query is none.",
                suspends = true)
        public int matchNodeCount(
                @Nullable String document, @Nullable String namespaces, @Nullable String query) {
            Object found = select("matchNodeCount", document, namespaces, query, -1);
            return found instanceof List<?> list ? list.size() : -1;
        }

        @RuleFunction(
                value = "The texts of what the query finds, one for each item; null on an error.",
                suspends = true)
        public @Nullable Object select(
                @Nullable String document, @Nullable String namespaces, @Nullable String query) {
            Object found = select("select", document, namespaces, query, -1);
            return found instanceof List<?> ? found : null;
        }
    }

    /** Functions {@code xml.xslt.*}, XSLT 3.0. */
    public final class Xslt {
        @RuleFunction(
                value = "The document as the style sheet transforms it; -1 on an error.",
                suspends = true)
        public Object transform(@Nullable String document, @Nullable String sheet) {
            String text = orEmpty(document);
            String style = orEmpty(sheet);
            int limit = limit();
            return result(
                    "xml.xslt.transform",
                    true,
                    () -> Bytes.utf8(xml.transform(text, style, limit)),
                    -1);
        }
    }

    // ---- validation

    @RuleFunction(
            value =
                    "1 when the document is valid by the XML Schema, 0 when not, -1 if it is no"
                            + " XML.",
            suspends = true)
    public int validate_xsd(@Nullable String document, @Nullable String schema) {
        String text = orEmpty(document);
        String wanted = orEmpty(schema);
        Object valid =
                result(
                        "xml.validate.xsd",
                        text.length() > SHORT,
                        () -> xml.valid(text, wanted),
                        -1);
        return valid instanceof Boolean answer ? answer ? 1 : 0 : -1;
    }

    @RuleFunction(
            value =
                    "1 when the document, which has no document type of its own, is valid by"
                            + " the declarations of a DTD, 0 when not, -1 if it is no XML.",
            suspends = true)
    public int validate_dtd(@Nullable String document, @Nullable String declarations) {
        String text = orEmpty(document);
        String wanted = orEmpty(declarations);
        Object valid =
                result(
                        "xml.validate.dtd",
                        text.length() > SHORT,
                        () -> xml.validByDtd(text, wanted),
                        -1);
        return valid instanceof Boolean answer ? answer ? 1 : 0 : -1;
    }

    @RuleFunction(value = "Old name of xml.validate.dtd.", suspends = true)
    public int validate(@Nullable String document, @Nullable String declarations) {
        return validate_dtd(document, declarations);
    }
}
