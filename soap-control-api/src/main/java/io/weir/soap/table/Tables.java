package io.weir.soap.table;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All interfaces. Immutable, so safe for every thread. */
public final class Tables {

    private static final String FOLDER = "/io/weir/soap/table/";
    private static final String INDEX = "index";

    private final Map<String, Api> byFile;
    private final Map<String, Api> byNamespace = new HashMap<>();

    private Tables(Map<String, Api> byFile) {
        this.byFile = Collections.unmodifiableMap(byFile);
        for (Api api : byFile.values()) {
            byNamespace.put(withoutSlash(api.namespace()), api);
            byNamespace.put(api.literalNamespace(), api);
        }
    }

    /** Reads the tables of the jar. */
    public static Tables load() {
        Map<String, Api> byFile = new LinkedHashMap<>();
        for (String name : text(INDEX).lines().toList()) {
            byFile.put(name, TableReader.read(name, text(name + ".table")));
        }
        return new Tables(byFile);
    }

    /** Interfaces by the name of their description without {@code .wsdl}. */
    public Map<String, Api> byFile() {
        return byFile;
    }

    /** Every interface in every version. */
    public List<Api> all() {
        return List.copyOf(byFile.values());
    }

    /** The interface in its newest version. */
    public Api newest(String name) {
        Api api = byFile.get(name);
        if (api == null) {
            throw new IllegalArgumentException("there is no interface " + name);
        }
        return api;
    }

    /**
     * The interface that a namespace of operations belongs to, with or without the slash at its
     * end; null when there is none.
     */
    public @Nullable Api byNamespace(@Nullable String namespace) {
        return namespace == null ? null : byNamespace.get(withoutSlash(namespace));
    }

    private static String withoutSlash(String namespace) {
        return namespace.endsWith("/") ? namespace.substring(0, namespace.length() - 1) : namespace;
    }

    private static String text(String file) {
        try (InputStream in = Tables.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + FOLDER + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
