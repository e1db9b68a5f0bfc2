package io.weir.monitor;

import io.weir.config.MonitorConfig.Dns;
import io.weir.config.MonitorConfig.Dns.Expect;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether the node answers a question as a name server does (RFC 1035). The question is sent again
 * while no answer comes, since datagrams may get lost.
 */
final class DnsCheck implements Check {

    private static final int HEADER = 12;
    private static final int SERVER_FAILURE = 2;
    private static final int CLASS_IN = 1;

    private static final String[] CODES = {
        "no error", "format error", "server failure", "no such name", "not implemented", "refused"
    };

    private final Dns settings;
    private final Network network;
    private final Ticker ticker;

    DnsCheck(Dns settings, Network network, Ticker ticker) {
        this.settings = settings;
        this.network = network;
        this.ticker = ticker;
    }

    @Override
    public CheckResult run(NodeAddress node, Duration timeout) throws InterruptedException {
        Deadline deadline = new Deadline(ticker, timeout);
        try {
            return CheckConnection.atAnyAddress(node, network, deadline, this::ask);
        } catch (CheckFailed e) {
            return CheckResult.failed(e.cause());
        }
    }

    private CheckResult ask(InetSocketAddress address, Duration within)
            throws CheckFailed, InterruptedException {
        Deadline deadline = new Deadline(ticker, within);
        byte[] query = query(ThreadLocalRandom.current().nextInt(1 << 16));
        byte[] buffer = new byte[4096];
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address);
            while (!deadline.passed()) {
                socket.send(new DatagramPacket(query, query.length));
                socket.setSoTimeout(Deadline.millis(deadline.atMost(within.dividedBy(3))));
                try {
                    while (true) {
                        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                        socket.receive(packet);
                        if (answers(query, buffer, packet.getLength())) {
                            return judge(address, ByteBuffer.wrap(buffer, 0, packet.getLength()));
                        }
                    }
                } catch (SocketTimeoutException _) {
                    // Ask again.
                }
            }
        } catch (PortUnreachableException _) {
            throw new CheckFailed(address + " refused the datagram");
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new CheckFailed(address + " cannot be asked: " + e.getMessage());
        }
        throw new CheckFailed(address + " gave no answer within " + Words.duration(within));
    }

    private byte[] query(int id) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // One question, recursion desired.
        out.writeBytes(new byte[] {(byte) (id >> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : settings.queryName().split("\\.", -1)) {
            // The root, and the end of a name that is written with its last dot, are empty.
            if (!label.isEmpty()) {
                out.write(label.length());
                out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
        }
        out.write(0);
        out.writeBytes(new byte[] {0, (byte) settings.queryType().number(), 0, CLASS_IN});
        return out.toByteArray();
    }

    /** Whether it is a response with the id of the query. */
    private static boolean answers(byte[] query, byte[] response, int length) {
        return length >= HEADER
                && Arrays.equals(query, 0, 2, response, 0, 2)
                && (response[2] & 0x80) != 0;
    }

    private CheckResult judge(InetSocketAddress address, ByteBuffer response) {
        int flags = response.getShort(2);
        int answers = response.getShort(6) & 0xffff;
        int code = flags & 15;
        String said = code < CODES.length ? CODES[code] : "code " + code;
        boolean well =
                switch (settings.expect()) {
                    case REPLY -> code != SERVER_FAILURE;
                    case NO_ERROR -> code == 0;
                    case ANSWER -> code == 0 && answers > 0;
                };
        String text = address + " answered '" + said + "' with " + answers + " records";
        if (well) {
            return CheckResult.passed(text);
        }
        return CheckResult.failed(
                text
                        + ", expected "
                        + (settings.expect() == Expect.ANSWER
                                ? "at least one record"
                                : settings.expect() == Expect.NO_ERROR
                                        ? "no error"
                                        : "anything but a failure"));
    }
}
