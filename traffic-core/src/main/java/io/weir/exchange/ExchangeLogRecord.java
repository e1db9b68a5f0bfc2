package io.weir.exchange;

import io.weir.cache.Outcome;
import io.weir.fault.TrafficFault;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.log.ByteSink;
import io.weir.log.LogRecord;
import io.weir.log.Phase;
import io.weir.persist.Verdict;
import io.weir.pool.PoolNode;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Shows a finished exchange to the access log. Confined to one event loop and used again. */
final class ExchangeLogRecord implements LogRecord {

    private @Nullable Exchange shown;

    void show(Exchange x) {
        shown = x;
    }

    private Exchange x() {
        Exchange x = shown;
        if (x == null) {
            throw new IllegalStateException("no exchange is shown");
        }
        return x;
    }

    private ExchangeRecord record() {
        return x().record();
    }

    @Override
    public long startMillis() {
        long ago = x().context().nanos() - record().beginNanos();
        return x().context().ticker().now().toEpochMilli() - ago / 1_000_000;
    }

    @Override
    public long durationNanos() {
        return record().endNanos() - record().beginNanos();
    }

    @Override
    public long phaseNanos(Phase phase) {
        ExchangeRecord r = record();
        return switch (phase) {
            case HEAD -> -1;
            case QUEUE -> r.queued() ? between(r.beginNanos(), r.chosenNanos()) : -1;
            case CONNECT ->
                    r.reusedConnection() ? -1 : between(r.chosenNanos(), r.connectedNanos());
            case REPLY -> between(r.connectedNanos(), r.replyNanos());
            case FIRST_BYTE -> between(r.beginNanos(), r.replyNanos());
        };
    }

    private static long between(long from, long to) {
        return from == 0 || to == 0 ? -1 : Math.max(0, to - from);
    }

    @Override
    public void requestId(ByteSink out) {
        out.put(x().id());
    }

    @Override
    public String virtualServer() {
        return x().server().name();
    }

    @Override
    public void clientAddress(ByteSink out) {
        Wishes wishes = x().wishesIfAny();
        InetSocketAddress other = wishes == null ? null : wishes.clientAddress();
        out.put(
                other == null
                        ? x().client().forwarded().address()
                        : other.getAddress().getHostAddress());
    }

    @Override
    public int clientPort() {
        return x().clientAddress().getPort();
    }

    @Override
    public void localAddress(ByteSink out) {
        InetSocketAddress local = x().client().local();
        InetAddress address = local.getAddress();
        if (address != null) {
            out.put(address.getHostAddress());
        }
    }

    @Override
    public int localPort() {
        return x().client().local().getPort();
    }

    @Override
    public void user(ByteSink out) {
        // The name in Authorization is a secret's neighbour; it is not shown before it is checked.
    }

    @Override
    public void requestLine(ByteSink out) {
        x().request().requestLine(out::put);
    }

    @Override
    public void method(ByteSink out) {
        out.put(x().request().methodName());
    }

    @Override
    public void target(ByteSink out) {
        x().request().rawTarget(out::put);
    }

    @Override
    public void path(ByteSink out) {
        String target = x().request().rawTarget();
        int query = target.indexOf('?');
        out.put(query < 0 ? target : target.substring(0, query));
    }

    @Override
    public void query(ByteSink out) {
        String target = x().request().rawTarget();
        int query = target.indexOf('?');
        if (query >= 0) {
            out.put(target.substring(query));
        }
    }

    @Override
    public void protocol(ByteSink out) {
        RequestHead request = x().request();
        out.put(request.http10() ? "HTTP/1.0" : request.http2() ? "HTTP/2.0" : "HTTP/1.1");
    }

    @Override
    public void host(ByteSink out) {
        value(x().request(), "Host", out);
    }

    @Override
    public void requestHeader(String name, ByteSink out) {
        value(x().request(), name, out);
    }

    @Override
    public void responseHeader(String name, ByteSink out) {
        ResponseHead head = x().response();
        if (head != null) {
            value(head, name, out);
        }
    }

    private static void value(Fields fields, String name, ByteSink out) {
        int i = fields.find(FieldName.of(name), 0);
        if (i >= 0) {
            fields.value(i, out::put);
        }
    }

    @Override
    public int status() {
        int status = record().status();
        if (status != 0) {
            return status;
        }
        TrafficFault fault = record().fault();
        return fault == null ? -1 : fault.status();
    }

    @Override
    public long bodyBytes() {
        return record().bytesToClient();
    }

    @Override
    public long receivedBytes() {
        RequestHead head = x().request();
        return head.headLength() + record().bytesFromClient();
    }

    @Override
    public long sentBytes() {
        return record().sentToClient();
    }

    @Override
    public @Nullable String pool() {
        return record().pool();
    }

    @Override
    public @Nullable String node() {
        PoolNode node = record().node();
        return node == null ? null : node.address().toString();
    }

    @Override
    public int retries() {
        return record().retries();
    }

    @Override
    public @Nullable String rules() {
        return record().rulesText();
    }

    @Override
    public @Nullable String persistence() {
        Verdict verdict = record().persistence();
        return verdict == null ? null : verdict.keyword();
    }

    @Override
    public @Nullable String fault() {
        TrafficFault fault = record().fault();
        return fault == null ? null : fault.metric();
    }

    @Override
    public @Nullable String cache() {
        Outcome outcome = record().cacheOutcome();
        return outcome == null ? null : outcome.word();
    }

    @Override
    public @Nullable String compression() {
        return record().compression();
    }

    @Override
    public @Nullable String tlsVersion() {
        ClientTls tls = x().client().tls();
        return tls == null ? null : tls.version();
    }

    @Override
    public @Nullable String tlsCipher() {
        ClientTls tls = x().client().tls();
        return tls == null ? null : tls.cipher();
    }

    @Override
    public @Nullable String tlsServerName() {
        ClientTls tls = x().client().tls();
        return tls == null ? null : tls.serverName();
    }

    @Override
    public @Nullable String tlsHandshake() {
        ClientTls tls = x().client().tls();
        return tls == null ? null : tls.resumed() ? "resumed" : "full";
    }
}
