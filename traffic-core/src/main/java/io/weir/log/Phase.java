package io.weir.log;

/** A stretch of time in the life of an exchange that the access log can show. */
public enum Phase {
    /** From the first byte of the request to the end of its head. */
    HEAD,
    /** Waiting for a node with room. */
    QUEUE,
    /** Establishing the connection to the node; of the last try. */
    CONNECT,
    /** From the request going to the node to the first byte of its answer; of the last try. */
    REPLY,
    /** From the first byte of the request to the first byte of the response to the client. */
    FIRST_BYTE
}
