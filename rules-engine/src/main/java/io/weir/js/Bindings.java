package io.weir.js;

import io.weir.js.Catalog.Described;

import org.graalvm.polyglot.Source;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The JavaScript through which rules call functions: a small one for each, which looks how many
 * arguments it was given and hands them on. Each has a name and code of its own, so that errors say
 * which function they come from, and the compiler knows at each call what is called.
 *
 * <p>Evaluates to a function of what ends a rule, of one that copies values from Java, of one that
 * turns what Java has thrown into an error of the rule's own, and of two that tell what was wrong
 * with the number of arguments or with the kind of one. That returns, by full name, what makes the
 * function that rules call out of the one that does the work.
 */
final class Bindings {

    /** The name of the source. */
    static final String NAME = "functions";

    /** Arguments that are handed on without going through a list. */
    private static final int FEW = 4;

    private static final String LETTERS = "abcdefghij";

    private Bindings() {}

    /**
     * @param inJava what is known about those functions that are in Java, by name
     */
    static Source source(List<Signature> functions, Map<String, Described> inJava) {
        StringBuilder out =
                new StringBuilder(
                        "(function bindingsAtSetUp(END, copied, told, wrongCount, wrongKind) {"
                                + " 'use strict'; return {\n");
        for (Signature signature : functions) {
            Described known = inJava.get(signature.name());
            String name = "'" + signature.name() + "'";
            out.append(name).append(": (h) => ({").append(name);
            out.append(signature.many() ? "(...a) {" : parameters(signature));
            kinds(signature, out);
            out.append(known == null ? "" : "try {");
            out.append("switch (").append(count(signature)).append(") {");
            cases(signature, known, out);
            out.append('}');
            if (known != null) {
                out.append("} catch (e) { throw told(").append(name).append(", e); }");
            }
            out.append(known != null && known.ends() ? " throw END;" : "");
            out.append("}})[").append(name).append("],\n");
        }
        return Source.newBuilder("js", out.append("}; })").toString(), NAME).buildLiteral();
    }

    private static String parameters(Signature signature) {
        return "(" + letters(signature.parameters().size()) + ") {";
    }

    /** How many arguments there are, in JavaScript. */
    private static String count(Signature signature) {
        return signature.many() ? "a.length" : "arguments.length";
    }

    /** What is done with each number of arguments. */
    private static void cases(Signature signature, @Nullable Described inJava, StringBuilder out) {
        int least = signature.counts().getFirst();
        int most = signature.many() ? FEW : signature.counts().getLast();
        for (int count = 0; count <= most; count++) {
            if (signature.many() ? count >= least : signature.counts().contains(count)) {
                String arguments = signature.many() ? items(count) : arguments(inJava, count);
                out.append("case ").append(count).append(": ");
                out.append(done(inJava, "h(" + arguments + ")"));
            } else if (signature.many()) {
                out.append("case ").append(count).append(": ").append(wrongCount(signature));
            }
        }
        out.append("default: ");
        out.append(signature.many() ? done(inJava, "h(...a)") : wrongCount(signature));
    }

    private static String done(@Nullable Described inJava, String call) {
        if (inJava != null && inJava.ends()) {
            return call + "; break;";
        }
        return inJava != null && inJava.structure()
                ? "return copied(" + call + ");"
                : "return " + call + ";";
    }

    private static String items(int count) {
        StringJoiner all = new StringJoiner(", ");
        for (int i = 0; i < count; i++) {
            all.add("a[" + i + "]");
        }
        return all.toString();
    }

    /** The arguments as they are handed on: what is not there counts as 0 where numbers are. */
    private static String arguments(@Nullable Described inJava, int count) {
        if (inJava != null) {
            for (Method method : inJava.methods()) {
                if (method.getParameterCount() == count) {
                    StringJoiner all = new StringJoiner(", ");
                    for (int i = 0; i < count; i++) {
                        boolean number = method.getParameterTypes()[i].isPrimitive();
                        all.add(LETTERS.charAt(i) + (number ? " ?? 0" : ""));
                    }
                    return all.toString();
                }
            }
        }
        return letters(count);
    }

    private static String letters(int count) {
        return String.join(", ", LETTERS.substring(0, count).split(""));
    }

    /** Looks at the first argument, where it has to be of a kind. */
    private static void kinds(Signature signature, StringBuilder out) {
        List<String> parameters = signature.parameters();
        String kind = parameters.isEmpty() ? "" : parameters.getFirst();
        String first = signature.many() ? "a[0]" : "a";
        if (kind.equals("array")) {
            out.append("if (!Array.isArray(").append(first).append("))");
        } else if (kind.equals("hash")) {
            out.append("if (").append(first).append(" === null || typeof ");
            out.append(first).append(" !== 'object')");
        } else {
            return;
        }
        out.append(" throw wrongKind('").append(signature);
        out.append("', '").append(kind).append("', ").append(first).append("); ");
    }

    private static String wrongCount(Signature signature) {
        return "throw wrongCount('"
                + signature
                + "', '"
                + signature.takes()
                + "', "
                + count(signature)
                + ");";
    }
}
