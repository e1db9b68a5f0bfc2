package io.weir.pool;

/** What an exchange on a node is to whoever wants to take the node away. */
public enum Use {
    /** A request over HTTP/1.1. */
    REQUEST,
    /** A connection that has been upgraded, such as a WebSocket. */
    TUNNEL,
    /** A request over HTTP/2. */
    H2_STREAM,
    /** A TCP connection of another protocol. */
    TCP_STREAM,
    /** A session of datagrams. */
    UDP_SESSION
}
