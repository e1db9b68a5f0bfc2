package io.weir.pool;

/** The answer to a request for a node: one now, one later, or none. */
public sealed interface Choice permits Lease, Waiting, NoNode {}
