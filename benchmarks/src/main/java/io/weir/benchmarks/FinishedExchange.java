package io.weir.benchmarks;

import io.netty.buffer.Unpooled;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Head;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.log.ByteSink;
import io.weir.log.LogRecord;
import io.weir.log.Phase;

import org.jspecify.annotations.Nullable;

/**
 * An exchange to be logged: heads as they were parsed, and figures. Shows its fields in the same
 * way as a real one. Confined to one thread.
 */
final class FinishedExchange implements LogRecord {

    private static final long BEGAN = 1_780_000_000_000L;

    private final RequestHead request = new RequestHead();
    private final ResponseHead response = new ResponseHead();
    private long number;

    FinishedExchange(Requests asked) {
        var in = Unpooled.wrappedBuffer(asked.bytes());
        if (request.read(in, 32 * 1024, 8 * 1024, 100) != Head.Progress.COMPLETE) {
            throw new IllegalStateException(asked + ": " + request.defect());
        }
        response.setStatus(200, "OK");
        response.add(FieldName.CONTENT_TYPE, "image/webp");
    }

    /** Makes it the next one, a tenth of a millisecond later. */
    void oneMore() {
        number++;
    }

    @Override
    public long startMillis() {
        return BEGAN + number / 10;
    }

    @Override
    public long durationNanos() {
        return 1_234_567;
    }

    @Override
    public long phaseNanos(Phase phase) {
        return phase == Phase.QUEUE ? -1 : 400_000;
    }

    @Override
    public void requestId(ByteSink out) {
        out.put("0-" + Long.toString(number, 36));
    }

    @Override
    public String virtualServer() {
        return "web";
    }

    @Override
    public void clientAddress(ByteSink out) {
        out.put("192.0.2.7");
    }

    @Override
    public int clientPort() {
        return 54321;
    }

    @Override
    public void localAddress(ByteSink out) {
        out.put("198.51.100.1");
    }

    @Override
    public int localPort() {
        return 80;
    }

    @Override
    public void user(ByteSink out) {}

    @Override
    public void requestLine(ByteSink out) {
        request.requestLine(out::put);
    }

    @Override
    public void method(ByteSink out) {
        out.put(request.methodName());
    }

    @Override
    public void target(ByteSink out) {
        request.rawTarget(out::put);
    }

    @Override
    public void path(ByteSink out) {
        String target = request.rawTarget();
        int query = target.indexOf('?');
        out.put(query < 0 ? target : target.substring(0, query));
    }

    @Override
    public void query(ByteSink out) {
        String target = request.rawTarget();
        int query = target.indexOf('?');
        if (query >= 0) {
            out.put(target.substring(query));
        }
    }

    @Override
    public void protocol(ByteSink out) {
        out.put("HTTP/1.1");
    }

    @Override
    public void host(ByteSink out) {
        value(request, "Host", out);
    }

    @Override
    public void requestHeader(String name, ByteSink out) {
        value(request, name, out);
    }

    @Override
    public void responseHeader(String name, ByteSink out) {
        value(response, name, out);
    }

    private static void value(Fields fields, String name, ByteSink out) {
        int i = fields.find(FieldName.of(name), 0);
        if (i >= 0) {
            fields.value(i, out::put);
        }
    }

    @Override
    public int status() {
        return response.status();
    }

    @Override
    public long bodyBytes() {
        return 10_240;
    }

    @Override
    public long receivedBytes() {
        return request.headLength();
    }

    @Override
    public long sentBytes() {
        return 10_400;
    }

    @Override
    public @Nullable String pool() {
        return "web";
    }

    @Override
    public @Nullable String node() {
        return "10.0.0.1:80";
    }

    @Override
    public int retries() {
        return 0;
    }

    @Override
    public @Nullable String fault() {
        return null;
    }

    @Override
    public @Nullable String cache() {
        return null;
    }
}
