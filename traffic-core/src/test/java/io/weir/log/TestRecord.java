package io.weir.log;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** An exchange whose every field a test can choose, as raw bytes where they come from outside. */
class TestRecord implements LogRecord {

    long startMillis = Instant.parse("2026-03-04T05:06:07.089Z").toEpochMilli();
    long durationNanos = 1_234_567_890L;
    final Map<Phase, Long> phases = new EnumMap<>(Phase.class);
    String virtualServer = "web";
    String clientAddress = "192.0.2.7";
    byte[] user = {};
    byte[] method = bytes("GET");
    byte[] target = bytes("/a/b?c=d");
    byte[] protocol = bytes("HTTP/1.1");
    byte[] host = bytes("www.example.com");
    final Map<String, byte[]> requestHeaders = new HashMap<>();
    final Map<String, byte[]> responseHeaders = new HashMap<>();
    int status = 200;
    long bodyBytes = 4711;
    @Nullable String pool = "app";
    @Nullable String node = "10.0.0.1:8080";
    int retries;
    @Nullable String fault;

    static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    TestRecord requestHeader(String name, byte[] value) {
        requestHeaders.put(name.toLowerCase(Locale.ROOT), value);
        return this;
    }

    @Override
    public long startMillis() {
        return startMillis;
    }

    @Override
    public long durationNanos() {
        return durationNanos;
    }

    @Override
    public long phaseNanos(Phase phase) {
        Long nanos = phases.get(phase);
        return nanos == null ? -1 : nanos;
    }

    @Override
    public void requestId(ByteSink out) {
        out.put("5f3a");
    }

    @Override
    public String virtualServer() {
        return virtualServer;
    }

    @Override
    public void clientAddress(ByteSink out) {
        out.put(clientAddress);
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
        return 8080;
    }

    @Override
    public void user(ByteSink out) {
        out.put(user);
    }

    @Override
    public void requestLine(ByteSink out) {
        if (method.length > 0) {
            out.put(method);
            out.put(" ");
            out.put(target);
            out.put(" ");
            out.put(protocol);
        }
    }

    @Override
    public void method(ByteSink out) {
        out.put(method);
    }

    @Override
    public void target(ByteSink out) {
        out.put(target);
    }

    private int question() {
        int at = new String(target, StandardCharsets.ISO_8859_1).indexOf('?');
        return at < 0 ? target.length : at;
    }

    @Override
    public void path(ByteSink out) {
        out.put(target, 0, question());
    }

    @Override
    public void query(ByteSink out) {
        // As the exchange does it: bytes of a buffer straight into the line.
        int length = target.length - question();
        int n = out.room(length);
        System.arraycopy(target, question(), out.array(), out.position(), n);
        out.filled(n);
    }

    @Override
    public void protocol(ByteSink out) {
        out.put(protocol);
    }

    @Override
    public void host(ByteSink out) {
        out.put(host);
    }

    @Override
    public void requestHeader(String name, ByteSink out) {
        out.put(requestHeaders.getOrDefault(name.toLowerCase(Locale.ROOT), new byte[0]));
    }

    @Override
    public void responseHeader(String name, ByteSink out) {
        out.put(responseHeaders.getOrDefault(name.toLowerCase(Locale.ROOT), new byte[0]));
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long bodyBytes() {
        return bodyBytes;
    }

    @Override
    public long receivedBytes() {
        return 321;
    }

    @Override
    public long sentBytes() {
        return 4999;
    }

    @Override
    public @Nullable String pool() {
        return pool;
    }

    @Override
    public @Nullable String node() {
        return node;
    }

    @Override
    public int retries() {
        return retries;
    }

    @Override
    public @Nullable String fault() {
        return fault;
    }

    @Override
    public @Nullable String cache() {
        return null;
    }
}
