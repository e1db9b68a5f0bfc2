package io.weir.exchange;

import io.netty.buffer.ByteBuf;

/** Where a session of datagrams sends to. Confined to one event loop. */
public interface DatagramEnd {

    /** Sends one datagram, of which it becomes the owner, with the next {@link #flush}. */
    void send(ByteBuf datagram);

    void flush();

    /** Nothing more will be sent. */
    void close();
}
