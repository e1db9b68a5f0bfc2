package io.weir.wire.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.weir.exchange.ConnectionRecord;
import io.weir.exchange.DatagramEnd;
import io.weir.exchange.DatagramExchange;
import io.weir.exchange.VirtualServer;
import io.weir.protect.Passage;
import io.weir.protect.Protection;
import io.weir.wire.ConnectionListing;
import io.weir.wire.Gate;
import io.weir.wire.Transport;
import io.weir.wire.WireLoop;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The sessions of one socket that clients send to, the longest unused first. Confined to one event
 * loop, but for what says otherwise.
 */
final class DatagramSessions extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(DatagramSessions.class);

    /** Sessions looked at when one has to go. */
    private static final int LOOKED_AT = 16;

    private final DatagramListener listener;
    private final Transport transport;
    private final WireLoop loop;
    private final Channel channel;
    private final Share share;
    private final LinkedHashMap<InetSocketAddress, Session> sessions =
            new LinkedHashMap<>(16, 0.75f, true);
    private final List<Session> touched = new ArrayList<>();
    private final List<DatagramSessions> passedTo = new ArrayList<>();
    private volatile int count;

    /** What the sockets of one event loop have together. Confined to that loop. */
    static final class Share {
        private int sessions;
    }

    DatagramSessions(
            DatagramListener listener,
            Transport transport,
            WireLoop loop,
            Channel channel,
            Share share) {
        this.listener = listener;
        this.transport = transport;
        this.loop = loop;
        this.channel = channel;
        this.share = share;
    }

    Channel channel() {
        return channel;
    }

    WireLoop loop() {
        return loop;
    }

    /** Whether there is no session; any thread may ask. */
    boolean idle() {
        return count == 0;
    }

    /** A client, as its session sees it. */
    private final class Session implements DatagramEnd {
        private final InetSocketAddress client;
        private final Gate gate;
        private final @Nullable Passage passage;
        private final DatagramExchange exchange;
        private final ConnectionRecord record = new ConnectionRecord();

        /**
         * @param passage given by the protection class; null where there is none
         */
        Session(
                VirtualServer server,
                Gate gate,
                @Nullable Passage passage,
                InetSocketAddress client) {
            this.client = client;
            this.gate = gate;
            this.passage = passage;
            record.opened(loop.context().nanos());
            this.exchange =
                    new DatagramExchange(
                            server,
                            loop.context(),
                            (x, lease) -> DatagramNode.open(transport, loop, x, lease),
                            client,
                            (InetSocketAddress) channel.localAddress(),
                            this);
        }

        @Override
        public void send(ByteBuf datagram) {
            record.moved(loop.context().nanos());
            if (!channel.isWritable()) {
                channel.flush();
            }
            if (channel.isWritable()) {
                channel.write(new DatagramPacket(datagram, client), channel.voidPromise());
            } else {
                datagram.release();
                exchange.server().account().dropped(loop.context(), "udp_not_writable");
            }
        }

        @Override
        public void flush() {
            channel.flush();
        }

        @Override
        public void close() {
            if (sessions.remove(client, this)) {
                count = sessions.size();
                share.sessions--;
                if (passage != null) {
                    passage.leave();
                }
                gate.leave();
                listener.sharedGate().leave();
                exchange.server().account().connectionClosed(loop.context());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.context().tick();
        DatagramPacket packet = (DatagramPacket) message;
        InetSocketAddress asked = packet.recipient();
        InetSocketAddress here = (InetSocketAddress) channel.localAddress();
        DatagramSessions taker = this;
        if (asked != null
                && here.getAddress().isAnyLocalAddress()
                && !asked.getAddress().isAnyLocalAddress()) {
            DatagramSessions own = listener.found(asked, loop);
            if (own != null) {
                taker = own;
                passedTo.add(own);
            }
        }
        taker.take(packet);
    }

    private void take(DatagramPacket packet) {
        ByteBuf content = packet.content();
        int length = content.readableBytes();
        if (length == 0) {
            // Netty's sockets do not send empty datagrams.
            packet.release();
            listener.use().server().account().dropped(loop.context(), "udp_empty");
            return;
        }
        // It leaves the large buffer that it was read into together with others.
        ByteBuf datagram = channel.alloc().directBuffer(length).writeBytes(content);
        packet.release();
        Session session = session(packet.sender(), datagram);
        if (session == null) {
            datagram.release();
            return;
        }
        session.record.came(loop.context().nanos(), length);
        touched.add(session);
        session.exchange.clientDatagram(datagram);
    }

    private @Nullable Session session(InetSocketAddress client, ByteBuf datagram) {
        Session known = sessions.get(client);
        if (known != null) {
            return known;
        }
        DatagramListener.Use use = listener.use();
        VirtualServer server = use.server();
        if (!DatagramExchange.opens(server, datagram)) {
            server.account().dropped(loop.context(), "udp_no_question");
            return null;
        }
        Protection guard = server.classes().protection();
        Passage passage = guard == null ? null : guard.connect(client.getAddress());
        if (guard != null && passage == null) {
            server.account().dropped(loop.context(), "protection");
            return null;
        }
        boolean room = share.sessions < listener.mostSessions() || evict();
        if (!room || !enter(use.gate())) {
            if (passage != null) {
                passage.leave();
            }
            server.account().dropped(loop.context(), "udp_sessions_full");
            return null;
        }
        Session session = new Session(server, use.gate(), passage, client);
        sessions.put(client, session);
        count = sessions.size();
        share.sessions++;
        server.account().connectionOpened(loop.context());
        session.exchange.begin();
        return session;
    }

    /** Tells of each session what it is doing. */
    void describe(ConnectionListing out) {
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        for (Session each : sessions.values()) {
            InetSocketAddress client = each.client;
            out.stream(
                    channel.id().asShortText() + "/" + client.getPort(),
                    "udp",
                    each.exchange.server(),
                    client,
                    local,
                    each.record,
                    each.exchange);
        }
    }

    private boolean enter(Gate gate) {
        Gate shared = listener.sharedGate();
        if (!shared.tryEnter()) {
            return false;
        }
        if (!gate.tryEnter()) {
            shared.leave();
            return false;
        }
        return true;
    }

    /** Ends a session of this event loop that waits for nothing. */
    private boolean evict() {
        return evictOldest() || listener.ofLoop(loop).anyMatch(DatagramSessions::evictOldest);
    }

    /** Ends the longest unused session of this socket that waits for nothing. */
    private boolean evictOldest() {
        Iterator<Session> oldest = sessions.values().iterator();
        for (int i = 0; i < LOOKED_AT && oldest.hasNext(); i++) {
            Session session = oldest.next();
            if (session.exchange.idle()) {
                session.exchange.end(null);
                return true;
            }
        }
        return false;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flushNodes();
        if (!passedTo.isEmpty()) {
            passedTo.forEach(DatagramSessions::flushNodes);
            passedTo.clear();
        }
    }

    private void flushNodes() {
        for (Session session : touched) {
            session.exchange.flush();
        }
        touched.clear();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.context().tick();
        List.copyOf(sessions.values()).forEach(session -> session.exchange.end(null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            // A client that has gone away says so by ICMP; that is no concern of the others.
            LOG.debug("{}: {}", listener, cause.toString());
        } else {
            LOG.error("defect in {}", listener, cause);
        }
    }
}
