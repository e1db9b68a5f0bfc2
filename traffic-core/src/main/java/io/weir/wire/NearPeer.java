package io.weir.wire;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the kernel is told of sockets whose peers are on this machine: nothing on the way can be
 * congested, so the plainest congestion control does. Others, BBR above all, estimate the bandwidth
 * and pace what is sent, at the cost of processor time for each message. For every thread.
 */
final class NearPeer {

    private static final Logger LOG = LoggerFactory.getLogger(NearPeer.class);

    /** Every Linux has it, and lets everybody choose it. */
    private static final String PLAINEST = "reno";

    /** Linux' TCP_CONGESTION, which Netty does not know. */
    private static final ChannelOption<ByteBuffer> CONGESTION =
            new RawUnixChannelOption("TCP_CONGESTION", 6, 13, PLAINEST.length());

    private NearPeer() {}

    /**
     * Prepares a socket that listens on, or is going to be connected with, {@code address}. What a
     * listener is told its connections have from the beginning.
     */
    static void prepare(ChannelConfig config, InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null || !ip.isLoopbackAddress()) {
            return;
        }
        try {
            // False where sockets are not Linux' own.
            boolean _ =
                    config.setOption(
                            CONGESTION,
                            ByteBuffer.wrap(PLAINEST.getBytes(StandardCharsets.US_ASCII)));
        } catch (ChannelException refused) {
            LOG.debug(
                    "{} stays with the system's congestion control: {}",
                    address,
                    refused.toString());
        }
    }
}
