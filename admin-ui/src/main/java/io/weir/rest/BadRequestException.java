package io.weir.rest;

/** A request is not as its description says. */
final class BadRequestException extends Exception {
    private final int status;

    BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    BadRequestException(String message) {
        this(400, message);
    }

    int status() {
        return status;
    }
}
