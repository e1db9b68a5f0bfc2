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

    private static final long LOOK = ClientPace.LOOK_NANOS;

    private final HttpClientConnection connection;
    private final LoopContext context;
    private final Channel channel;
    private final ClientPace pace = new ClientPace();

    /** Until when the next request may take, by the clock of the event loop. */
    private long until = Long.MAX_VALUE;

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

    /**
     * The connection waits for a request, or for the rest of its head.
     *
     * @param limit how long it may; 0 for any time
     * @param large whether the client may well not have taken all of its last answer
     */
    void await(long limit, boolean large) {
        until = limit == 0 ? Long.MAX_VALUE : context.nanos() + limit;
        boolean soon = large || pace.behind();
        arm(!soon ? limit : limit == 0 ? LOOK : Math.min(limit, LOOK));
    }

    /** Whether the request may take longer; then the client is looked at again when it is time. */
    boolean mayWait() {
        if (until == Long.MAX_VALUE) {
            arm(0);
            return true;
        }
        long left = until - context.nanos();
        if (left > 0) {
            arm(left);
        }
        return left > 0;
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
     * fails. A client that has gone while nobody read from it is found out here.
     *
     * @param tunnel whether bytes go both ways, so that no rate is owed
     * @param delivery of what was written to the client
     */
    void judge(
            Exchange x,
            VirtualServerConfig config,
            RequestReader request,
            Intake intake,
            boolean tunnel,
            Delivery delivery) {
        if (!tunnel && Delivery.isOver(channel)) {
            channel.close();
            return;
        }
        long now = context.nanos();
        boolean waits = request.bodyComing() && !intake.paused();
        boolean uploads = waits && !request.awaitsContinue();
        TrafficFault fault = pace.judge(config, x.record(), now, delivery, uploads, waits, tunnel);
        if (fault == null) {
            boolean holds = request.bodyComing() && intake.paused() || delivery.waiting() > 0;
            fault = pace.holdsInVain(context.strain(), now, holds);
        }
        if (fault != null) {
            if (delivery.much()) {
                // Or the kernel would go on delivering what it has, at the client's pace.
                Closing.resetOnClose(channel);
            }
            x.fail(fault);
        }
        if (!x.isOver()) {
            // Also where something stored is sent in the place of what did not come.
            arm(ClientPace.nextLook(config));
        }
    }

    /** Looks whether a client that has only to take its last bytes does so; false when not. */
    boolean takesItsBytes(VirtualServerConfig config, Delivery delivery) {
        if (pace.stuck(config, context.nanos(), delivery)) {
            return false;
        }
        arm(ClientPace.nextLook(config));
        return true;
    }
}
