package io.weir.exchange;

import io.netty.buffer.ByteBuf;

/**
 * Where the body of a response comes from when it does not come straight from the node. Confined to
 * one event loop.
 */
interface BodySource {

    /** The client takes more: hands on what there is. */
    void pull();

    /** A piece from the node; the source becomes its owner. */
    void nodeData(ByteBuf piece);

    /** The node has sent everything. */
    void nodeEnd();

    /**
     * The client has gone.
     *
     * @return whether the exchange has to go on all the same, for the sake of others
     */
    boolean clientGone();

    /** The exchange is over. */
    void release();
}
