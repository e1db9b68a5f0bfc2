package io.weir.wire.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A name server on the loopback interface, over UDP and TCP. Safe for every thread. */
final class TestNameServer implements AutoCloseable {

    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int AAAA = 28;

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Map<String, Zone> zones = new ConcurrentHashMap<>();
    private volatile Mood mood = Mood.WELL;
    final AtomicInteger queries = new AtomicInteger();
    final AtomicInteger tcpQueries = new AtomicInteger();

    /** How the server feels. */
    enum Mood {
        WELL,
        /** Says nothing. */
        SILENT,
        /** Answers SERVFAIL. */
        BROKEN,
        /** Says nothing when it is asked for IPv4 addresses. */
        SILENT_ON_IPV4,
        /** Answers SERVFAIL when it is asked for IPv4 addresses. */
        BROKEN_ON_IPV4,
        /** Sends every answer over UDP cut short. */
        TERSE,
        /** Sends headers that announce much, with nothing behind them. */
        BOASTFUL
    }

    private record Zone(int ttl, List<InetAddress> addresses, String alias) {}

    TestNameServer() {
        Sockets sockets = Sockets.open();
        tcp = sockets.tcp;
        udp = sockets.udp;
        Thread.ofPlatform().daemon().name("test-dns-udp").start(this::serveUdp);
        Thread.ofPlatform().daemon().name("test-dns-tcp").start(this::serveTcp);
    }

    /** A port that is free for both; which one that is, only binding tells. */
    private record Sockets(ServerSocket tcp, DatagramSocket udp) {

        private static final int ATTEMPTS = 20;

        static Sockets open() {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            for (int attempt = 1; ; attempt++) {
                try {
                    ServerSocket tcp = new ServerSocket(0, 50, loopback);
                    try {
                        return new Sockets(tcp, new DatagramSocket(tcp.getLocalPort(), loopback));
                    } catch (BindException taken) {
                        tcp.close();
                        if (attempt == ATTEMPTS) {
                            throw taken;
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    String address() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    void set(String name, int ttl, String... addresses) {
        zones.put(
                name, new Zone(ttl, Stream.of(addresses).map(InetAddress::ofLiteral).toList(), ""));
    }

    void alias(String name, int ttl, String target) {
        zones.put(name, new Zone(ttl, List.of(), target));
    }

    void remove(String name) {
        zones.remove(name);
    }

    void mood(Mood next) {
        mood = next;
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }

    private void serveUdp() {
        byte[] buffer = new byte[1500];
        while (!udp.isClosed()) {
            try {
                DatagramPacket query = new DatagramPacket(buffer, buffer.length);
                udp.receive(query);
                queries.incrementAndGet();
                byte[] question = Arrays.copyOf(buffer, query.getLength());
                if (mood == Mood.SILENT
                        || mood == Mood.SILENT_ON_IPV4 && type(question, nameEnd(question)) == A) {
                    continue;
                }
                byte[] answer = answer(question, mood == Mood.TERSE);
                udp.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket client = tcp.accept()) {
                tcpQueries.incrementAndGet();
                DataInputStream in = new DataInputStream(client.getInputStream());
                byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), false);
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                // The client has gone or the test is over; the next one counts.
            }
        }
    }

    private byte[] answer(byte[] query, boolean cut) throws IOException {
        if (mood == Mood.BOASTFUL) {
            return new byte[] {
                query[0], query[1], (byte) 0x81, (byte) 0x80, -1, -1, -1, -1, 0, 0, 0, 0
            };
        }
        int end = 12;
        StringBuilder name = new StringBuilder();
        while (query[end] != 0) {
            name.append(name.isEmpty() ? "" : ".");
            name.append(new String(query, end + 1, query[end], StandardCharsets.US_ASCII));
            end += query[end] + 1;
        }
        int type = type(query, end);
        end += 5;

        ByteArrayOutputStream records = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(records);
        int count = 0;
        String at = name.toString().toLowerCase(Locale.ROOT);
        boolean known = zones.containsKey(at);
        for (Zone zone = zones.get(at); zone != null && !cut; zone = zones.get(at)) {
            if (!zone.alias.isEmpty()) {
                record(out, at, CNAME, zone.ttl, encode(zone.alias));
                count++;
                at = zone.alias;
                continue;
            }
            for (InetAddress address : zone.addresses) {
                if ((address.getAddress().length == 4 ? A : AAAA) == type) {
                    record(out, at, type, zone.ttl, address.getAddress());
                    count++;
                }
            }
            break;
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(answer);
        head.write(query, 0, 2);
        boolean broken = mood == Mood.BROKEN || mood == Mood.BROKEN_ON_IPV4 && type == A;
        int code = broken ? 2 : known ? 0 : 3;
        head.writeShort(0x8180 | (cut ? 0x0200 : 0) | code);
        head.writeShort(1);
        head.writeShort(code == 0 ? count : 0);
        head.writeInt(0);
        head.write(query, 12, end - 12);
        if (code == 0) {
            head.write(records.toByteArray());
        }
        return answer.toByteArray();
    }

    private static int nameEnd(byte[] query) {
        int end = 12;
        while (query[end] != 0) {
            end += query[end] + 1;
        }
        return end;
    }

    private static int type(byte[] query, int nameEnd) {
        return (query[nameEnd + 1] & 0xff) << 8 | query[nameEnd + 2] & 0xff;
    }

    private static void record(DataOutputStream out, String name, int type, int ttl, byte[] data)
            throws IOException {
        out.write(encode(name));
        out.writeShort(type);
        out.writeShort(1);
        out.writeInt(ttl);
        out.writeShort(data.length);
        out.write(data);
    }

    private static byte[] encode(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }
}
