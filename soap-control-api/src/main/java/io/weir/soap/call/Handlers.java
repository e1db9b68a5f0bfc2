package io.weir.soap.call;

import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Tables;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The code behind operations. Code for one operation goes before a general way that the table
 * names. Filled once, then only read.
 */
public final class Handlers {

    /** A general way of doing things, which the table names by a word. */
    @FunctionalInterface
    public interface General {

        /** The handler for one operation. */
        Handler handler(Api api, Operation operation, Backing.Mapped backing);
    }

    private final Map<String, Handler> byOperation = new HashMap<>();
    private final Map<String, General> byKind = new HashMap<>();

    /**
     * Gives an operation its code.
     *
     * @param operation such as {@code Pool.addPool}; for an older version {@code
     *     Diagnose@1.0.diagnoseSystem}
     */
    public void on(String operation, Handler handler) {
        if (byOperation.put(operation, handler) != null) {
            throw new IllegalArgumentException(operation + " has code already");
        }
    }

    /** Gives several words of the table one meaning. */
    public void general(General general, String... kinds) {
        for (String kind : kinds) {
            if (byKind.put(kind, general) != null) {
                throw new IllegalArgumentException(kind + " has a meaning already");
            }
        }
    }

    /** The code of an operation; null when Weir lacks the capability. */
    @Nullable Handler find(Tables tables, Api api, Operation operation) {
        Handler own = byOperation.get(name(tables, api, operation));
        if (own != null) {
            return own;
        }
        if (operation.backing() instanceof Backing.Mapped mapped) {
            General general = byKind.get(mapped.kind());
            if (general == null) {
                throw new IllegalStateException(
                        api.name() + "." + operation.name() + " is mapped to " + mapped.kind());
            }
            return general.handler(api, operation, mapped);
        }
        return null;
    }

    /** The operations that have code and that no table has. */
    Set<String> strangers(Tables tables) {
        Set<String> left = new HashSet<>(byOperation.keySet());
        for (Api api : tables.all()) {
            api.all().forEach(operation -> left.remove(name(tables, api, operation)));
        }
        return left;
    }

    private static String name(Tables tables, Api api, Operation operation) {
        String version =
                tables.newest(api.name()).version().equals(api.version())
                        ? ""
                        : "@" + api.version();
        return api.name() + version + "." + operation.baseName();
    }
}
