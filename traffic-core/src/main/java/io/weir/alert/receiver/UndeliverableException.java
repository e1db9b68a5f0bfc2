package io.weir.alert.receiver;

/** An alert was refused for good; another attempt would end the same way. */
public final class UndeliverableException extends Exception {

    public UndeliverableException(String message) {
        super(message);
    }

    public UndeliverableException(String message, Throwable cause) {
        super(message, cause);
    }
}
