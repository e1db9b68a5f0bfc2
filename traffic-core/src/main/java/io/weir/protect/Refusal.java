package io.weir.protect;

/**
 * A request that is refused.
 *
 * @param status of the answer, if there is to be one
 * @param answered whether the client gets an answer; else its connection is closed
 * @param retryAfterSeconds when the client may come again; 0 where waiting does not help
 * @param text what is wrong, for logs
 */
public record Refusal(
        Reason reason, int status, boolean answered, int retryAfterSeconds, String text) {}
