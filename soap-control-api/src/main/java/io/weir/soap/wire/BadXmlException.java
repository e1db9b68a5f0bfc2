package io.weir.soap.wire;

/** A message that is not what a SOAP 1.1 message may be. */
public final class BadXmlException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What is wrong with it, as SOAP 1.1, section 4.4.1, divides faults. */
    public enum Kind {
        /** The envelope is not of SOAP 1.1. */
        VERSION_MISMATCH,
        /** A header has to be understood, and is not. */
        MUST_UNDERSTAND,
        /** Anything else. */
        CLIENT
    }

    private final Kind kind;

    BadXmlException(String message) {
        this(Kind.CLIENT, message);
    }

    BadXmlException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
