package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.weir.config.VirtualServerConfig;

import java.util.concurrent.TimeUnit;

/**
 * The ways in which an HTTP/1 client connection ends, all of which see to it that the client gets
 * the last response whole or can tell that it did not. Confined to one event loop.
 */
final class ClientEnding {

    /** How long a closing connection is listened to, so that the last response is not lost. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Bytes taken from a client whose last response has been sent. */
    private static final int LINGER_BYTES = 1 << 20;

    private final Channel channel;
    private final HttpClientSide side;
    private final Intake intake;
    private final ClientWatch watch;
    private int thrownAway;

    ClientEnding(Channel channel, HttpClientSide side, Intake intake, ClientWatch watch) {
        this.channel = channel;
        this.side = side;
        this.intake = intake;
        this.watch = watch;
    }

    /**
     * Ends the connection behind what was its last exchange.
     *
     * @param tunnelled whether the response was a switch of protocols
     * @param more whether the client has not sent everything, or does not expect the end
     */
    void behindResponse(
            VirtualServerConfig config, boolean tunnelled, boolean more, Transport transport) {
        if (!tunnelled && side.out().pending()) {
            Closing.joinEnd(channel, transport);
        }
        if (!tunnelled && (more || intake.waits() || intake.busy())) {
            linger(config);
        } else {
            closeWhenWritten(config);
        }
    }

    /**
     * Closes as soon as the client has taken what it is to get; what little is on its way then is
     * left to the kernel.
     */
    void closeWhenWritten(VirtualServerConfig config) {
        side.flush();
        // Its answer to a close_notify would look like bytes that the client is owed.
        Closing.flushTls(channel);
        if (owes()) {
            watch.arm(ClientPace.nextLook(config));
            Closing.shutDownOutputWhenWritten(channel);
        } else {
            if (config.tcp().closeWithReset()) {
                Closing.resetOnClose(channel);
            }
            channel.close();
        }
    }

    /**
     * Whether the client has yet to take more than the kernel can be left alone with: closed, its
     * socket would be held for as long as the client likes.
     */
    boolean owes() {
        return Closing.unsentBytes(channel) > 0
                || side.bytesWritten() > Delivery.LEFT_TO_KERNEL && side.delivery().much();
    }

    /**
     * Closes our side first and throws away what the client still sends for a while: closing a
     * socket with unread bytes would reset it, and the client might lose the response (RFC 9112
     * section 9.6).
     */
    void linger(VirtualServerConfig config) {
        intake.forgetPause();
        intake.drop();
        side.flush();
        if (intake.ended()) {
            closeWhenWritten(config);
            return;
        }
        Closing.shutDownOutputWhenWritten(channel);
        watch.arm(LINGER_NANOS);
        if (!intake.busy()) {
            intake.update();
        }
    }

    /** Bytes behind the end; whether there were too many of them. */
    boolean throwAway(ByteBuf in) {
        thrownAway += in.readableBytes();
        in.skipBytes(in.readableBytes());
        return thrownAway > LINGER_BYTES;
    }

    /**
     * Closes at once; a response without a length is reset, so that it does not look complete.
     *
     * @param inResponse whether a response may not have been written as a whole
     */
    void cut(boolean inResponse) {
        if (side.untilClose() && (inResponse || Closing.unsentBytes(channel) > 0)) {
            Closing.resetOnClose(channel);
        }
        Closing.cut(channel);
    }
}
