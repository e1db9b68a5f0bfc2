package io.weir.js;

import io.weir.function.RuleFunction;
import io.weir.rule.FunctionText;

import org.graalvm.polyglot.Source;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
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

    private final TreeMap<String, Described> functions = new TreeMap<>();
    private final Source bindings;

    /**
     * A function in Java.
     *
     * @param structure whether it returns what has to be copied for the rule
     * @param methods the ways to call it, that with most parameters last
     */
    record Described(
            Signature signature,
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
        bindings = Bindings.source(signatures(), functions);
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
                                type == Object.class
                                        || type == List.class
                                        || type == Map.class
                                        || type == byte[].class;
                    }
                    functions.put(
                            prefix + name,
                            new Described(
                                    Signature.of(prefix + name, methods),
                                    text,
                                    suspends,
                                    ends,
                                    structure,
                                    methods));
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

    /** What makes, in JavaScript, the functions that rules call. */
    Source bindings() {
        return bindings;
    }

    /** All functions in Java, by full name. */
    Map<String, Described> functions() {
        return functions;
    }

    /** Every function that there is, wherever it is made, by name in order. */
    List<Signature> signatures() {
        List<Signature> all = new ArrayList<>(OwnValues.FUNCTIONS);
        functions.values().forEach(each -> all.add(each.signature()));
        all.sort(Comparator.comparing(Signature::name));
        return all;
    }

    /** The full names of the same. */
    List<String> names() {
        return signatures().stream().map(Signature::name).toList();
    }

    /** Every function for those who write rules, by name in order. */
    List<FunctionText> texts() {
        List<FunctionText> texts = new ArrayList<>();
        for (Signature signature : signatures()) {
            String name = signature.name();
            Described function = functions.get(name);
            texts.add(
                    new FunctionText(
                            name,
                            signature.toString(),
                            name.substring(0, name.indexOf('.')),
                            function == null ? "" : function.text(),
                            function != null && function.suspends()));
        }
        return texts;
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

    /** The full names of those that may wait. */
    List<String> waitingNames() {
        return waiting().entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether it may wait, by the full name of each function in Java. */
    Map<String, Boolean> waiting() {
        Map<String, Boolean> waiting = new TreeMap<>();
        functions.forEach((name, described) -> waiting.put(name, described.suspends()));
        return waiting;
    }
}
