package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.log.ByteSink;
import io.weir.log.LogRecord;
import io.weir.log.Phase;
import io.weir.persist.Verdict;
import io.weir.pool.PoolNode;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Shows a finished stream, or a finished session of datagrams, to the access log: one line. */
public final class StreamLogRecord implements LogRecord {

    private final Shown x;

    /** What is shown. */
    public interface Shown extends NodeSeeker {

        String id();

        LoopContext context();

        ExchangeRecord record();

        /** Which exchange of its event loop it is. */
        long number();

        /** What came of the client's handshake; null without TLS. */
        default @Nullable ClientTls tls() {
            return null;
        }

        /** The name that the client asked for; null when there is none. */
        @Nullable String serverName();
    }

    StreamLogRecord(Shown x) {
        this.x = x;
    }

    @Override
    public long startMillis() {
        long ago = x.context().nanos() - x.record().beginNanos();
        return x.context().ticker().now().toEpochMilli() - ago / 1_000_000;
    }

    @Override
    public long durationNanos() {
        return x.record().endNanos() - x.record().beginNanos();
    }

    @Override
    public long phaseNanos(Phase phase) {
        ExchangeRecord r = x.record();
        return switch (phase) {
            case HEAD -> -1;
            case QUEUE -> r.queued() ? between(r.beginNanos(), r.chosenNanos()) : -1;
            case CONNECT -> between(r.chosenNanos(), r.connectedNanos());
            case REPLY -> between(r.connectedNanos(), r.replyNanos());
            case FIRST_BYTE -> between(r.beginNanos(), r.replyNanos());
        };
    }

    private static long between(long from, long to) {
        return from == 0 || to == 0 ? -1 : Math.max(0, to - from);
    }

    @Override
    public void requestId(ByteSink out) {
        out.put(x.id());
    }

    @Override
    public String virtualServer() {
        return x.server().name();
    }

    @Override
    public void clientAddress(ByteSink out) {
        address(x.clientAddress(), out);
    }

    @Override
    public int clientPort() {
        return x.clientAddress().getPort();
    }

    @Override
    public void localAddress(ByteSink out) {
        address(x.askedAddress(), out);
    }

    private static void address(InetSocketAddress from, ByteSink out) {
        InetAddress address = from.getAddress();
        if (address != null) {
            out.put(address.getHostAddress());
        }
    }

    @Override
    public int localPort() {
        return x.askedAddress().getPort();
    }

    @Override
    public void user(ByteSink out) {}

    @Override
    public void requestLine(ByteSink out) {}

    @Override
    public void method(ByteSink out) {}

    @Override
    public void target(ByteSink out) {}

    @Override
    public void path(ByteSink out) {}

    @Override
    public void query(ByteSink out) {}

    @Override
    public void protocol(ByteSink out) {
        out.put(x.server().config().protocol().word());
    }

    @Override
    public void host(ByteSink out) {
        String name = x.serverName();
        if (name != null) {
            out.put(name);
        }
    }

    @Override
    public void requestHeader(String name, ByteSink out) {}

    @Override
    public void responseHeader(String name, ByteSink out) {}

    @Override
    public int status() {
        return -1;
    }

    @Override
    public long bodyBytes() {
        return x.record().bytesToClient();
    }

    @Override
    public long receivedBytes() {
        return x.record().bytesFromClient();
    }

    @Override
    public long sentBytes() {
        return x.record().sentToClient();
    }

    @Override
    public @Nullable String pool() {
        return x.record().pool();
    }

    @Override
    public @Nullable String node() {
        PoolNode node = x.record().node();
        return node == null ? null : node.address().toString();
    }

    @Override
    public @Nullable String rules() {
        return x.record().rulesText();
    }

    @Override
    public @Nullable String persistence() {
        Verdict verdict = x.record().persistence();
        return verdict == null ? null : verdict.keyword();
    }

    @Override
    public int retries() {
        return x.record().retries();
    }

    @Override
    public @Nullable String fault() {
        TrafficFault fault = x.record().fault();
        return fault == null ? null : fault.metric();
    }

    @Override
    public @Nullable String cache() {
        return null;
    }
}
