package io.weir.tm;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request is refused in the words of the model product: an id, a text, and what it is about. */
final class TmProblem extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String id;
    private final transient @Nullable ObjectNode info;

    /**
     * @param info what is wrong, by section and key; null when there is nothing to tell
     */
    TmProblem(int status, String id, String text, @Nullable ObjectNode info) {
        super(text);
        this.status = status;
        this.id = id;
        this.info = info;
    }

    TmProblem(int status, String id, String text) {
        this(status, id, text, null);
    }

    /** There is no such object or directory. */
    static TmProblem missing(String text) {
        return new TmProblem(404, "resource.not_found", text);
    }

    /** A value of a key is not allowed. */
    static TmProblem invalid(TmKey key, String text) {
        return invalid(key.section(), key.name(), "resource.validation_error", text);
    }

    /** Something is wrong with what stands at a place. */
    static TmProblem invalid(String section, String name, String id, String text) {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        add(info, section, name, id, text);
        return new TmProblem(
                400, "resource.validation_error", "The resource provided is invalid", info);
    }

    /** Adds to what is wrong. */
    static void add(ObjectNode info, String section, String name, String id, String text) {
        ObjectNode detail = info.withObjectProperty(section).putObject(name);
        detail.put("error_id", id);
        detail.put("error_text", text);
    }

    int status() {
        return status;
    }

    /** The body of the answer. */
    ObjectNode document() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("error_id", id);
        document.put("error_text", String.valueOf(getMessage()));
        if (info != null) {
            document.set("error_info", info);
        }
        return document;
    }
}
