package io.weir.js;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * What a function of rules is called with. Immutable.
 *
 * @param name in full, such as {@code http.getHeader}
 * @param parameters their names, in order
 * @param counts how many of them may be given, the least first; the last one is the least when
 *     there may be any number more
 * @param many whether the last parameter stands for any number of values
 */
record Signature(String name, List<String> parameters, List<Integer> counts, boolean many) {

    /**
     * @param methods the ways to call it, that with most parameters last
     */
    static Signature of(String name, List<Method> methods) {
        TreeSet<Integer> counts = new TreeSet<>();
        boolean many = false;
        for (Method method : methods) {
            many |= method.isVarArgs();
            counts.add(method.getParameterCount() - (method.isVarArgs() ? 1 : 0));
        }
        List<String> parameters =
                Arrays.stream(methods.getLast().getParameters()).map(Parameter::getName).toList();
        return new Signature(name, parameters, List.copyOf(counts), many);
    }

    /** Reads {@code name(a, [b])}, in which brackets may be left out and … means any number. */
    static Signature parse(String text) {
        int open = text.indexOf('(');
        String inner = text.substring(open + 1, text.length() - 1);
        List<String> parameters = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        boolean many = false;
        int needed = 0;
        for (String each : inner.isEmpty() ? new String[0] : inner.split(", ")) {
            many = each.endsWith("…");
            boolean optional = each.startsWith("[");
            parameters.add(each.replaceAll("[\\[\\]…]", ""));
            needed += many || optional ? 0 : 1;
        }
        for (int count = needed; count <= (many ? needed : parameters.size()); count++) {
            counts.add(count);
        }
        return new Signature(
                text.substring(0, open), List.copyOf(parameters), List.copyOf(counts), many);
    }

    /** How many arguments there may be, in words that follow "takes". */
    String takes() {
        int least = counts.getFirst();
        if (many) {
            return least == 0 ? "any number of arguments" : "at least " + number(least);
        }
        if (counts.size() == 1) {
            return number(least);
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < counts.size() - 1; i++) {
            out.append(i == 0 ? "" : ", ").append(counts.get(i));
        }
        return out.append(" or ").append(number(counts.getLast())).toString();
    }

    private static String number(int count) {
        return count == 0 ? "no argument" : count == 1 ? "1 argument" : count + " arguments";
    }

    /** As it is written in the manual; what may be left out stands in brackets. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(name).append('(');
        for (int i = 0; i < parameters.size(); i++) {
            boolean last = i == parameters.size() - 1;
            String parameter = parameters.get(i);
            out.append(i == 0 ? "" : ", ");
            if (many && last) {
                out.append(parameter).append('…');
            } else {
                out.append(i < counts.getFirst() ? parameter : "[" + parameter + "]");
            }
        }
        return out.append(')').toString();
    }
}
