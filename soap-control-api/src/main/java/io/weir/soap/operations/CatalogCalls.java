package io.weir.soap.operations;

import io.weir.config.load.DocumentKeys;
import io.weir.soap.call.Call;
import io.weir.soap.call.Draft;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.FaultKind;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What can be done to the objects of every section: the words {@code names}, {@code create}, {@code
 * copy}, {@code rename} and {@code delete} of the table.
 */
final class CatalogCalls {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}");

    private CatalogCalls() {}

    static void register(Handlers handlers) {
        handlers.general(
                (api, operation, backing) -> {
                    String section = backing.words().isEmpty() ? api.section() : backing.word(0);
                    return call -> List.copyOf(call.draft().names(section));
                },
                "names");
        handlers.general((api, operation, backing) -> call -> create(api, call), "create");
        handlers.general((api, operation, backing) -> call -> copy(api, call), "copy");
        handlers.general((api, operation, backing) -> call -> rename(api, call), "rename");
        handlers.general((api, operation, backing) -> call -> delete(api, call), "delete");
    }

    private static @Nullable Object create(Api api, Call call) throws SoapProblem {
        for (String name : call.texts(0)) {
            fresh(call.draft(), api, name);
            call.draft().create(api.section(), name, JsonNodeFactory.instance.objectNode());
        }
        return null;
    }

    private static @Nullable Object copy(Api api, Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            existing(call.draft(), api, name);
            fresh(call.draft(), api, call.texts(1).get(i));
            JsonNode content = call.draft().at(List.of(api.section(), name));
            if (!content.isObject()) {
                throw SoapProblem.notAllowed("'" + name + "' cannot be copied", name);
            }
            call.draft().create(api.section(), call.texts(1).get(i), content.deepCopy());
        }
        return null;
    }

    static @Nullable Object rename(Api api, Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        Set<String> renamed = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!renamed.add(name)) {
                throw SoapProblem.notAllowed("'" + name + "' is renamed twice in one call", name);
            }
            existing(call.draft(), api, name);
            fresh(call.draft(), api, call.texts(1).get(i));
            call.draft().rename(api.section(), name, call.texts(1).get(i));
        }
        return null;
    }

    private static @Nullable Object delete(Api api, Call call) throws SoapProblem {
        for (String name : new java.util.LinkedHashSet<>(call.texts(0))) {
            existing(call.draft(), api, name);
            unused(call.draft(), api, name);
            if (call.draft().at(List.of(api.section(), name)).isMissingNode()) {
                throw SoapProblem.notAllowed(
                        "the "
                                + api.noun()
                                + " '"
                                + name
                                + "' is built in or part of another object",
                        name);
            }
            call.draft().delete(api.section(), name);
        }
        return null;
    }

    /** Refuses to delete what is referred to. */
    static void unused(Draft draft, Api api, String name) throws SoapProblem {
        if (draft.at(List.of()) instanceof ObjectNode document) {
            ObjectNode trial = document.deepCopy();
            int uses = DocumentKeys.renameReferences(trial, api.section(), name, name + " ");
            if (uses > 0) {
                throw SoapProblem.typed(
                        FaultKind.OBJECT_IN_USE,
                        "the "
                                + api.noun()
                                + " '"
                                + name
                                + "' is in use: "
                                + (uses == 1 ? "one object refers" : uses + " objects refer")
                                + " to it",
                        name);
            }
        }
    }

    /** Refuses what is not there. */
    static void existing(Draft draft, Api api, String name) throws SoapProblem {
        if (!draft.names(api.section()).contains(name)) {
            throw SoapProblem.unknown(api.noun(), name);
        }
    }

    /** Refuses a name that cannot be given to a new object. */
    static void fresh(Draft draft, Api api, String name) throws SoapProblem {
        if (!NAME.matcher(name).matches()) {
            throw badName(name);
        }
        if (draft.names(api.section()).contains(name)) {
            throw SoapProblem.typed(
                    FaultKind.OBJECT_ALREADY_EXISTS,
                    "the " + api.noun() + " '" + name + "' already exists",
                    name);
        }
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static SoapProblem badName(String name) {
        return SoapProblem.typed(
                FaultKind.INVALID_OBJECT_NAME,
                "'"
                        + name
                        + "' is no name for an object, expected letters, digits, blanks and . _ -,"
                        + " beginning with a letter or digit, at most 128 characters",
                name);
    }
}
