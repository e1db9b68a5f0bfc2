package io.weir.stream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A scripted node that takes datagrams on a loopback port of its own. */
final class UdpNode implements AutoCloseable {

    private final DatagramSocket socket;
    private final int port;
    private final AtomicInteger received = new AtomicInteger();
    private final List<byte[]> datagrams = new CopyOnWriteArrayList<>();
    private volatile Function<byte[], List<byte[]>> script;
    private @Nullable DatagramSocket place;

    private UdpNode(Function<byte[], List<byte[]>> script) throws SocketException {
        this.script = script;
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        port = socket.getLocalPort();
        Thread.ofVirtual().name("udp-node").start(this::serve);
    }

    /** A node that sends {@code script} of a datagram back to where it came from. */
    static UdpNode start(Function<byte[], List<byte[]>> script) {
        try {
            return new UdpNode(script);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A node that sends every datagram back with {@code mark} behind it. */
    static UdpNode marking(char mark) {
        return start(
                datagram -> {
                    byte[] answer = Arrays.copyOf(datagram, datagram.length + 1);
                    answer[datagram.length] = (byte) mark;
                    return List.of(answer);
                });
    }

    /**
     * A node that is not there. Its port stays taken at another address of the machine, so that
     * nobody is given it who binds to all of them.
     */
    static UdpNode refusing() {
        UdpNode node = marking('!');
        try {
            node.place = new DatagramSocket(node.port, InetAddress.ofLiteral("127.0.0.2"));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        node.socket.close();
        return node;
    }

    void behave(Function<byte[], List<byte[]>> next) {
        script = next;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    int received() {
        return received.get();
    }

    List<byte[]> datagrams() {
        return datagrams;
    }

    private void serve() {
        byte[] buffer = new byte[65535];
        while (true) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] datagram = Arrays.copyOf(buffer, packet.getLength());
                received.incrementAndGet();
                if (datagrams.size() < 1000) {
                    datagrams.add(datagram);
                }
                for (byte[] answer : script.apply(datagram)) {
                    socket.send(
                            new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
        if (place != null) {
            place.close();
        }
    }
}
