package io.weir.soap.call;

import io.weir.soap.table.FaultKind;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

import java.util.Map;

/**
 * Why a call changed nothing and has no result.
 *
 * <p>The members of a typed fault are the name of the object, and, where the fault has them, the
 * key and the value in question.
 */
public final class SoapProblem extends Exception {

    private static final long serialVersionUID = 1L;

    private final @Nullable FaultKind kind;
    private final String object;
    private final String key;
    private final String value;
    private final boolean ours;
    private final transient @Nullable Element detail;

    private SoapProblem(
            @Nullable FaultKind kind,
            String message,
            String object,
            String key,
            String value,
            boolean ours,
            @Nullable Element detail) {
        super(message);
        this.kind = kind;
        this.object = object;
        this.key = key;
        this.value = value;
        this.ours = ours;
        this.detail = detail;
    }

    /** A fault without a type: the caller's mistake. */
    public static SoapProblem untyped(String message) {
        return new SoapProblem(null, message, "", "", "", false, null);
    }

    /** A fault without a type: Weir's own. */
    public static SoapProblem internal(String message) {
        return new SoapProblem(null, message, "", "", "", true, null);
    }

    /** The main object of the call is not there: {@code Unknown pool 'web'}. */
    public static SoapProblem unknown(String noun, String name) {
        return typed(
                FaultKind.OBJECT_DOES_NOT_EXIST,
                "Unknown " + noun + " '" + name + "': it does not exist",
                name);
    }

    /** A value that cannot be taken. */
    public static SoapProblem invalid(String message, String object, String key, String value) {
        return new SoapProblem(FaultKind.INVALID_INPUT, message, object, key, value, false, null);
    }

    /** Something that is never done. */
    public static SoapProblem notAllowed(String message, String object) {
        return typed(FaultKind.INVALID_OPERATION, message, object);
    }

    /** A typed fault without key and value. */
    public static SoapProblem typed(FaultKind kind, String message, String object) {
        return new SoapProblem(kind, message, object, "", "", false, null);
    }

    /** The same with its typed detail. */
    SoapProblem with(Element element) {
        return new SoapProblem(
                kind, String.valueOf(getMessage()), object, key, value, ours, element);
    }

    /** The type; null when there is none. */
    public @Nullable FaultKind kind() {
        return kind;
    }

    /** Whether it is Weir's fault and not the caller's. */
    public boolean ours() {
        return ours;
    }

    /** What goes into the detail of the fault; null for nothing. */
    public @Nullable Element detail() {
        return detail;
    }

    /** The name of the object in question. */
    public String object() {
        return object;
    }

    /** The members of the fault's structure. */
    Map<String, String> members() {
        return Map.of(
                "errmsg", String.valueOf(getMessage()),
                "object", object,
                "feature", object,
                "key", key,
                "value", value);
    }
}
