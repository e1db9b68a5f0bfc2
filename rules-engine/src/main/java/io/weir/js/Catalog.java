package io.weir.js;

import io.weir.function.Any;
import io.weir.function.RuleFunction;
import io.weir.rule.FunctionText;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * All functions that rules can call, read from what marks them: for binding them, and for the
 * manual and the type definitions made from the same source. Immutable.
 */
final class Catalog {

    /** Functions that the prelude makes, which act on the rule's own values. */
    private static final List<String> OF_PRELUDE =
            List.of(
                    "array.append array.contains array.copy array.create array.filter array.join"
                        + " array.length array.pop array.push array.resize array.reverse"
                        + " array.shift array.sort array.sortNumerical array.splice array.unshift",
                    "hash.contains hash.count hash.delete hash.empty hash.keys hash.values",
                    "lang.assert lang.chr lang.tochar lang.ord lang.dump lang.isarray lang.ishash"
                            + " lang.max lang.min lang.toArray lang.toHash lang.toDouble lang.toInt"
                            + " lang.toString lang.warn",
                    "math.acos math.asin math.atan math.ceil math.cos math.exp math.fabs math.floor"
                            + " math.ln math.log math.pow math.random math.rint math.sin math.sqrt"
                            + " math.tan",
                    "sys.time sys.time.highres sys.time.hour sys.time.minutes sys.time.seconds"
                            + " sys.time.weekday sys.time.monthday sys.time.yearday sys.time.month"
                            + " sys.time.year");

    private final TreeMap<String, Described> functions = new TreeMap<>();

    /**
     * A function.
     *
     * @param name in full, such as {@code http.getHeader}
     * @param methods the ways to call it, that with most parameters last
     */
    record Described(
            String name,
            String text,
            boolean suspends,
            boolean ends,
            boolean structure,
            List<Method> methods) {}

    /**
     * @param families by name
     */
    Catalog(Map<String, Object> families) {
        families.forEach((name, family) -> read(name + ".", family));
    }

    private void read(String prefix, Object family) {
        Map<String, List<Method>> byName = new LinkedHashMap<>();
        for (Method method : family.getClass().getMethods()) {
            if (method.isAnnotationPresent(RuleFunction.class) && !method.isBridge()) {
                byName.computeIfAbsent(method.getName(), key -> new ArrayList<>()).add(method);
            }
        }
        byName.forEach(
                (method0, methods) -> {
                    // A function below another one: Java has no other way to say so.
                    String name = method0.replace('_', '.');
                    methods.sort(Comparator.comparingInt(Method::getParameterCount));
                    String text = "";
                    boolean suspends = false;
                    boolean structure = false;
                    boolean ends = false;
                    for (Method method : methods) {
                        RuleFunction mark = method.getAnnotation(RuleFunction.class);
                        text = mark.value().isEmpty() ? text : mark.value();
                        suspends |= mark.suspends();
                        ends |= mark.ends();
                        Class<?> type = method.getReturnType();
                        structure |=
                                type == Object.class || type == List.class || type == Map.class;
                    }
                    functions.put(
                            prefix + name,
                            new Described(prefix + name, text, suspends, ends, structure, methods));
                });
        for (Field field : family.getClass().getFields()) {
            if (field.isAnnotationPresent(RuleFunction.class)
                    && !Modifier.isStatic(field.getModifiers())) {
                try {
                    read(prefix + field.getName() + ".", field.get(family));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(field + " is not public", e);
                }
            }
        }
    }

    /** All functions in Java, by full name. */
    Map<String, Described> functions() {
        return functions;
    }

    /** The full name of every function that there is, wherever it is made. */
    List<String> names() {
        List<String> names = new ArrayList<>(functions.keySet());
        for (String family : OF_PRELUDE) {
            names.addAll(List.of(family.split(" ")));
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    /** Every function for those who write rules, by name in order. */
    List<FunctionText> texts() {
        List<FunctionText> texts = new ArrayList<>();
        for (String name : names()) {
            Described function = functions.get(name);
            String family = name.substring(0, name.indexOf('.'));
            texts.add(
                    function == null
                            ? new FunctionText(name, name + "(…)", family, "", false)
                            : new FunctionText(
                                    name,
                                    signature(function),
                                    family,
                                    function.text(),
                                    function.suspends()));
        }
        return texts;
    }

    /** Name and parameters; those that may be left out stand in brackets. */
    static String signature(Described function) {
        StringBuilder out = new StringBuilder(function.name()).append('(');
        int needed = function.methods().getFirst().getParameterCount();
        Parameter[] parameters = function.methods().getLast().getParameters();
        for (int i = 0; i < parameters.length; i++) {
            String name =
                    parameters[i].isVarArgs()
                            ? parameters[i].getName() + "…"
                            : parameters[i].getName();
            out.append(i == 0 ? "" : ", ").append(i < needed ? name : "[" + name + "]");
        }
        return out.append(')').toString();
    }

    /** The families, and what else a rule that waits gets in the place of its global name. */
    List<String> familyNames() {
        java.util.Set<String> names = new java.util.TreeSet<>(List.of("Date", "Math"));
        names().forEach(name -> names.add(name.substring(0, name.indexOf('.'))));
        return List.copyOf(names);
    }

    /** Full names by the same in lower case. */
    Map<String, String> spellings() {
        Map<String, String> spellings = new TreeMap<>();
        names().forEach(name -> spellings.put(name.toLowerCase(Locale.ROOT), name));
        return spellings;
    }

    /** Whether it may wait, by full name. */
    Map<String, Boolean> waiting() {
        Map<String, Boolean> waiting = new TreeMap<>();
        functions.forEach((name, described) -> waiting.put(name, described.suspends()));
        return waiting;
    }

    /**
     * The functions of each family as JSON, for the prelude: {@code plain} or {@code structure} by
     * what they return, {@code ends} when the rule is over behind them, with {@code !} behind it
     * when they may wait, and {@code ^} when there are others below them.
     */
    String json() {
        Map<String, StringBuilder> families = new TreeMap<>();
        functions.forEach(
                (name, described) -> {
                    int dot = name.indexOf('.');
                    StringBuilder list =
                            families.computeIfAbsent(
                                    name.substring(0, dot), key -> new StringBuilder());
                    list.append(list.isEmpty() ? "" : ",").append('"');
                    list.append(name.substring(dot + 1)).append("\":\"");
                    list.append(
                            described.ends()
                                    ? "ends"
                                    : described.structure() ? "structure" : "plain");
                    list.append(described.suspends() ? "!" : "");
                    list.append(above(name) ? "^" : "").append('"');
                });
        StringBuilder json = new StringBuilder("{");
        families.forEach(
                (family, list) ->
                        json.append(json.length() == 1 ? "" : ",")
                                .append('"')
                                .append(family)
                                .append("\":{")
                                .append(list)
                                .append('}'));
        return json.append('}').toString();
    }

    /** Whether there are functions below the one called {@code name}. */
    private boolean above(String name) {
        String next = functions.higherKey(name + ".");
        return next != null && next.startsWith(name + ".");
    }

    /** The type of a parameter or result as editors know it. */
    static String type(Class<?> type) {
        if (type == String.class) {
            return "string";
        }
        if (type == void.class) {
            return "void";
        }
        if (type == Any.class || type == Object.class) {
            return "any";
        }
        if (type == List.class) {
            return "string[]";
        }
        if (type == Map.class) {
            return "Record<string, any>";
        }
        return "number";
    }
}
