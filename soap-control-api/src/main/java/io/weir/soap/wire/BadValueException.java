package io.weir.soap.wire;

/** A parameter that does not have the type it should have. */
public final class BadValueException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String part;
    private final String value;

    BadValueException(String part, String value, String expected) {
        super("the parameter " + part + " is '" + value + "', expected " + expected);
        this.part = part;
        this.value = value;
    }

    /** The parameter. */
    public String part() {
        return part;
    }

    /** What was sent, cut short when it was long. */
    public String value() {
        return value;
    }
}
