package io.weir.js;

import io.weir.function.Any;
import io.weir.js.Catalog.Described;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes what rule authors read, from the functions that there are. */
final class FunctionManual {

    /** Families and functions that will not come, with the reason. */
    private static final Map<String, String> OUT =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(
                                    "java.", "there are no Java extensions; rules are JavaScript"),
                            Map.entry("glb.", "Weir balances no DNS"),
                            Map.entry(
                                    "geo.getLocation",
                                    "Weir balances no DNS, so it has no locations"),
                            Map.entry("http.aptimizer.", "there is no web accelerator"),
                            Map.entry(
                                    "sys.getRestApiPort",
                                    "the control interfaces are no business of rules"),
                            Map.entry("sys.getenv", "the environment may hold secrets"),
                            Map.entry(
                                    "sys.getnetworkinterfaces",
                                    "the machine is no business of rules"),
                            Map.entry("ssl.requestCert", "there is no renegotiation"),
                            Map.entry("ssl.requireCert", "there is no renegotiation"),
                            Map.entry(
                                    "ssl.clientSupportsSecureRenegotiation",
                                    "there is no renegotiation"),
                            Map.entry("ssl.getClientCloseAlert", "close alerts are always sent"),
                            Map.entry("ssl.setClientCloseAlert", "close alerts are always sent"),
                            Map.entry("ssl.getServerCloseAlert", "close alerts are always sent"),
                            Map.entry("ssl.setServerCloseAlert", "close alerts are always sent"),
                            Map.entry(
                                    "ssl.serverCertName",
                                    "certificates are files and have no names of their own"),
                            Map.entry(
                                    "ssl.serverSiteName",
                                    "certificates are found by the names in them, and there are no"
                                            + " sites")));

    /** Those of editors; everything else is a number. */
    private static final Map<Type, String> TYPES =
            Map.of(
                    String.class, "string",
                    void.class, "void",
                    Any.class, "any",
                    Object.class, "any",
                    boolean.class, "boolean",
                    byte[].class, "Uint8Array");

    private final Catalog catalog;

    FunctionManual(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The reference manual. */
    String manual() {
        StringBuilder out = new StringBuilder("# Functions of rules\n\n");
        out.append(
                "Made from the functions that the engine has. \"waits\" marks those that may"
                        + " suspend the rule.\n");
        out.append("How rules are written: [rules.md](rules.md).\n");
        String family = "";
        for (Described function : catalog.functions().values()) {
            String name = function.signature().name();
            String its = name.substring(0, name.indexOf('.'));
            if (!its.equals(family)) {
                family = its;
                out.append("\n## ").append(family).append("\n\n| function | |\n|---|---|\n");
            }
            out.append("| `").append(function.signature()).append("` | ").append(function.text());
            out.append(function.suspends() ? " *waits*" : "").append(" |\n");
        }
        out.append("\n## array, hash, lang, math, sys.time\n\n");
        out.append("On the rule's own values, as in TrafficScript: ");
        String own =
                OwnValues.FUNCTIONS.stream()
                        .map(each -> "`" + each + "`")
                        .collect(Collectors.joining(", "));
        out.append(own).append(".\n");
        return out.append(compared()).toString();
    }

    private String compared() {
        StringBuilder out = new StringBuilder("\n## TrafficScript's functions one by one\n\n");
        out.append("| function | |\n|---|---|\n");
        int supported = 0;
        List<String> names = trafficScript();
        Set<String> known = new TreeSet<>(catalog.names());
        for (String name : names) {
            String state = known.contains(name) ? "supported" : absent(name);
            supported += known.contains(name) ? 1 : 0;
            out.append("| `").append(name).append("` | ").append(state).append(" |\n");
        }
        out.append("| `http.kerberos.*` (9) | out: no Kerberos |\n");
        out.append("| `sip.*` (33) | out: no SIP |\n");
        out.append("| `rtsp.*` (34) | out: no RTSP |\n");
        out.append("\n").append(supported).append(" of 520 are supported.\n");
        return out.toString();
    }

    private static String absent(String name) {
        for (Map.Entry<String, String> entry : OUT.entrySet()) {
            if (name.startsWith(entry.getKey())) {
                return "out: " + entry.getValue();
            }
        }
        return "not yet";
    }

    private static List<String> trafficScript() {
        try (InputStream in = FunctionManual.class.getResourceAsStream("trafficscript.txt")) {
            if (in == null) {
                throw new IllegalStateException("trafficscript.txt is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Type definitions for editors. */
    String types() {
        StringBuilder out =
                new StringBuilder(
                        "// What rules can call; made from the functions that the engine has.\n\n");
        for (int i = 1; i <= 9; i++) {
            out.append("declare const $").append(i).append(": string;\n");
        }
        Map<String, TreeMap<String, Signature>> spaces = new TreeMap<>();
        for (Signature each : catalog.signatures()) {
            int dot = each.name().lastIndexOf('.');
            spaces.computeIfAbsent(each.name().substring(0, dot), key -> new TreeMap<>())
                    .put(each.name().substring(dot + 1), each);
        }
        spaces.forEach(
                (space, functions) -> {
                    out.append("\ndeclare namespace ").append(space).append(" {\n");
                    functions.forEach((name, each) -> declare(name, each, out));
                    out.append("}\n");
                });
        return out.toString();
    }

    private void declare(String name, Signature signature, StringBuilder out) {
        Described function = catalog.functions().get(signature.name());
        if (function == null) {
            declareOwn(name, signature, out);
        } else {
            declare(name, function, out);
        }
    }

    private static void declareOwn(String name, Signature signature, StringBuilder out) {
        boolean word = name.equals("delete");
        out.append("    function ").append(name).append(word ? "_(" : "(");
        for (int i = 0; i < signature.parameters().size(); i++) {
            String parameter = signature.parameters().get(i);
            boolean many = signature.many() && i == signature.parameters().size() - 1;
            String type =
                    switch (parameter) {
                        case "array" -> "any[]";
                        case "hash" -> "Record<string, any>";
                        default -> many ? "any[]" : "any";
                    };
            out.append(i == 0 ? "" : ", ").append(many ? "..." : "").append(parameter);
            out.append(many || i < signature.counts().getFirst() ? ": " : "?: ").append(type);
        }
        out.append("): any;\n");
        out.append(word ? "    export { delete_ as delete };\n" : "");
    }

    private static void declare(String name, Described function, StringBuilder out) {
        boolean word = name.equals("delete");
        for (Method method : function.methods()) {
            out.append("    /** ").append(function.text()).append(" */\n    ");
            out.append(word ? "function delete_(" : "function " + name + "(");
            Parameter[] parameters = method.getParameters();
            for (int i = 0; i < parameters.length; i++) {
                Parameter p = parameters[i];
                out.append(i == 0 ? "" : ", ").append(p.isVarArgs() ? "..." : "");
                out.append(p.getName()).append(": ").append(plain(p.getAnnotatedType()));
            }
            out.append("): ").append(type(method.getAnnotatedReturnType())).append(";\n");
        }
        if (word) {
            out.append("    export { delete_ as delete };\n");
        }
    }

    /** As editors know it. What a function is given may always be missing, and is not said. */
    private static String type(AnnotatedType type) {
        String plain = plain(type);
        boolean missing = type.isAnnotationPresent(Nullable.class) && !plain.equals("any");
        return missing ? plain + " | null" : plain;
    }

    private static String plain(AnnotatedType type) {
        if (type instanceof AnnotatedParameterizedType structure) {
            AnnotatedType[] inside = structure.getAnnotatedActualTypeArguments();
            String each = type(inside[inside.length - 1]);
            return inside.length == 1 ? each + "[]" : "Record<string, " + each + ">";
        }
        if (type.getType() != byte[].class && type instanceof AnnotatedArrayType many) {
            return plain(many.getAnnotatedGenericComponentType()) + "[]";
        }
        return TYPES.getOrDefault(type.getType(), "number");
    }
}
