package io.weir.control.managed;

import io.weir.config.load.DocumentKeys;
import io.weir.config.load.ObjectText;
import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How a document lies in files: {@code weir.yaml} with what belongs to the whole, and a file for
 * each object, {@code pools/web.yaml}. It is what an operator could write, too; a file for each
 * object makes the history of one object a thing that git can show. Pure functions.
 */
final class Layout {

    /** The main file. */
    static final String MAIN = "weir.yaml";

    private static final String SUFFIX = ".yaml";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}");
    private static final Pattern FILE =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9 ._-]*){1,3}");
    private static final int MAX_PATH = 255;

    private Layout() {}

    /** The files that a document becomes. */
    static Map<String, byte[]> files(ObjectNode document) throws RefusedException {
        Map<String, byte[]> files = new TreeMap<>();
        ObjectNode main = JsonNodeFactory.instance.objectNode();
        ArrayNode include = JsonNodeFactory.instance.arrayNode();
        TreeSet<String> catalogs = new TreeSet<>(DocumentKeys.catalogs());
        for (Map.Entry<String, JsonNode> section : document.properties()) {
            String key = section.getKey();
            if (!catalogs.contains(key) || !(section.getValue() instanceof ObjectNode objects)) {
                main.set(key, section.getValue());
                continue;
            }
            ObjectNode rest = JsonNodeFactory.instance.objectNode();
            boolean some = false;
            for (String name : new TreeSet<>(objects.propertyNames())) {
                JsonNode object = objects.get(name);
                if (!(object instanceof ObjectNode)) {
                    rest.set(name, object);
                    continue;
                }
                if (!NAME.matcher(name).matches()) {
                    throw new RefusedException(
                            new ControlProblem.Invalid(
                                    "name in " + key,
                                    "'" + name + "'",
                                    "letters, digits, spaces and . _ - that begin with a letter"
                                            + " or digit"));
                }
                files.put(key + "/" + name + SUFFIX, text(ObjectText.file(key, name, object)));
                some = true;
            }
            if (!rest.isEmpty()) {
                main.set(key, rest);
            }
            if (some) {
                include.add(key + "/*" + SUFFIX);
            }
        }
        main.set("include", include);
        files.put(MAIN, text(ObjectText.whole(main)));
        return files;
    }

    /** Whether the file at {@code path} is a part of the document. */
    static boolean isDocument(String path) {
        int slash = path.indexOf('/');
        return path.equals(MAIN)
                || (path.endsWith(SUFFIX)
                        && slash > 0
                        && DocumentKeys.catalogs().contains(path.substring(0, slash)));
    }

    /** Refuses a path that a file beside the document cannot have. */
    static void checkFile(String path) throws RefusedException {
        if (!FILE.matcher(path).matches()
                || path.length() > MAX_PATH
                || path.startsWith("secrets/")
                || isDocument(path)) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "path of the file",
                            "'" + path + "'",
                            "a relative one of one to three directories and a name, such as"
                                    + " rules/shop.js, certificates/shop.pem or keys/shop.pem"));
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
