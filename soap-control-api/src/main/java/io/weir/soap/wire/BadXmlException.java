package io.weir.soap.wire;

/** A message that is not what a SOAP 1.1 message may be. */
public final class BadXmlException extends Exception {

    private static final long serialVersionUID = 1L;

    BadXmlException(String message) {
        super(message);
    }
}
