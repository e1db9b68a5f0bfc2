package io.weir.wire;

import io.netty.channel.Channel;
import io.weir.config.VirtualServerConfig;
import io.weir.exchange.Exchange;
import io.weir.exchange.LoopContext;
import io.weir.fault.TrafficFault;
import io.weir.time.DeadlineWheel.Deadline;

/**
 * When a client connection is looked at next, and whether it is slow or stuck then. Confined to one
 * event loop.
 */
final class ClientWatch extends Deadline {

    private final HttpClientConnection connection;
    private final LoopContext context;
    private final Channel channel;
    private final ClientPace pace = new ClientPace();

    ClientWatch(HttpClientConnection connection, LoopContext context, Channel channel) {
        this.connection = connection;
        this.context = context;
        this.channel = channel;
    }

    @Override
    protected void expired() {
        connection.look();
    }

    /**
     * Has the connection looked at in {@code nanos} instead of at any earlier-set time; 0: never.
     */
    void arm(long nanos) {
        if (nanos == 0) {
            context.deadlines().cancel(this);
        } else {
            context.deadlines().set(this, context.nanos(), nanos);
        }
    }

    /** The connection has gone. */
    void forget() {
        context.deadlines().forget(this);
    }

    /** An exchange begins. */
    void begin(Exchange x) {
        pace.begin(x.record().beginNanos());
        arm(ClientPace.nextLook(x.server().config()));
    }

    /**
     * Looks whether anything moves, and whether the client is fast enough; when not, the exchange
     * fails.
     *
     * @param waits whether the client owes a part of its body and may send it
     * @param asked whether it also knows that it may
     * @param tunnel whether bytes go both ways, so that no rate is owed
     */
    void judge(
            Exchange x, VirtualServerConfig config, boolean waits, boolean asked, boolean tunnel) {
        long now = context.nanos();
        long pending = Closing.pendingBytes(channel);
        TrafficFault fault =
                pace.judge(config, x.record(), now, pending, waits && asked, waits, tunnel);
        if (fault != null) {
            x.fail(fault);
        } else {
            arm(ClientPace.nextLook(config));
        }
    }

    /** Looks whether a client that has only to take its last bytes does so; false when not. */
    boolean takesItsBytes(VirtualServerConfig config) {
        if (pace.stuck(config.limits(), context.nanos(), Closing.unsentBytes(channel))) {
            return false;
        }
        arm(ClientPace.LOOK_NANOS);
        return true;
    }
}
