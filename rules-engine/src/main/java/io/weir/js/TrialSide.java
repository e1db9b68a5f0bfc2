package io.weir.js;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.http.Head;
import io.weir.http.ResponseHead;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;
import io.weir.rule.RuleState;
import io.weir.rule.RuleTls;
import io.weir.rule.RuleWishes;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;

/** An exchange that is only described, as a rule sees it. Confined to one thread. */
abstract class TrialSide implements RuleSide {

    private static final int MAX_HEAD = 1 << 20;

    final Described exchange;
    private final TrialWorld world;
    private final RuleState state;
    private final Map<String, Object> data = new HashMap<>();
    private Pool pool;
    private @Nullable PoolNode asked;
    private @Nullable RuleOutcome outcome;
    private @Nullable String persistence;
    private @Nullable String key;
    private @Nullable String node;
    private boolean logged = true;
    private boolean kept;
    private final TrialWishes wishes = new TrialWishes();

    TrialSide(Described exchange, TrialWorld world) {
        this.exchange = exchange;
        this.world = world;
        this.state = state(exchange);
        data.putAll(exchange.texts("connectionData"));
        Pool found = world.pool(exchange.text("pool", "default"));
        if (found == null) {
            throw new IllegalArgumentException("the pool of the exchange is not described");
        }
        pool = found;
    }

    /** The exchange that is described. */
    static TrialSide of(Described exchange, TrialWorld world) {
        return exchange.has("bytes") || exchange.has("reply")
                ? new TrialBytes(exchange, world)
                : new TrialHttp(exchange, world);
    }

    /** What kind of rules the exchange is for. */
    static RuleState state(Described exchange) {
        String where = exchange.has("response") || exchange.has("reply") ? "response" : "request";
        String name = exchange.text("state", where).toUpperCase(Locale.ROOT);
        for (RuleState each : RuleState.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "state is " + name + ", expected request, response or completion");
    }

    /** A head out of its text. */
    static <H extends Head> H read(H head, String text) {
        return read(head, Described.bytesOf(text));
    }

    /** A head out of its bytes. */
    static <H extends Head> H read(H head, byte[] written) {
        ByteBuf bytes = Unpooled.wrappedBuffer(written);
        if (head.read(bytes, MAX_HEAD, MAX_HEAD, 1000) != Head.Progress.COMPLETE) {
            throw new IllegalArgumentException(
                    "the described message is no HTTP: "
                            + head.defect()
                            + ": "
                            + new String(written, StandardCharsets.ISO_8859_1));
        }
        return head;
    }

    static String request(Described exchange) {
        StringBuilder text = new StringBuilder();
        text.append(exchange.text("method", "GET")).append(' ');
        text.append(exchange.text("url", "/")).append(" HTTP/1.1\r\n");
        boolean host = false;
        for (Map.Entry<String, String> field : exchange.fields("headers")) {
            host |= field.getKey().equalsIgnoreCase("host");
            text.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
        }
        return text.append(host ? "" : "Host: www.example.com\r\n").append("\r\n").toString();
    }

    static ResponseHead response(Described response) {
        response.only("status", "reason", "headers", "body");
        StringBuilder text = new StringBuilder("HTTP/1.1 ");
        text.append(response.text("status", "200")).append(' ');
        text.append(response.text("reason", "OK")).append("\r\n");
        response.fields("headers")
                .forEach(
                        f ->
                                text.append(f.getKey())
                                        .append(": ")
                                        .append(f.getValue())
                                        .append("\r\n"));
        return read(new ResponseHead(), text.append("\r\n").toString());
    }

    /** What became of the messages. */
    abstract void tell(Map<String, Object> result);

    static Map<String, Object> fields(Head head) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (int i = 0; i < head.size(); i++) {
            if (head.present(i)) {
                String value = head.value(i);
                all.merge(
                        head.name(i),
                        value,
                        (a, b) -> {
                            List<Object> both =
                                    new java.util.ArrayList<>(
                                            a instanceof List<?> l ? l : List.of(a));
                            both.add(b);
                            return both;
                        });
            }
        }
        return all;
    }

    /** Puts what was decided beside the messages into {@code result}. */
    final void decisions(Map<String, Object> result) {
        result.put("pool", pool.name());
        put(result, "node", asked == null ? null : asked.address().toString());
        if (!logged) {
            result.put("logged", false);
        }
        if (!wishes.told().isEmpty()) {
            result.put("wishes", wishes.told());
        }
        if (persistence != null || key != null || node != null) {
            Map<String, Object> session = new LinkedHashMap<>();
            put(session, "class", persistence);
            put(session, "key", key);
            put(session, "node", node);
            result.put("persistence", session);
        }
    }

    private static void put(Map<String, Object> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    /** What a rule that had to wait came to; null when it has not ended. */
    final @Nullable RuleOutcome takeOutcome() {
        RuleOutcome told = outcome;
        outcome = null;
        return told;
    }

    @Override
    public final RuleState state() {
        return state;
    }

    @Override
    public final int loopIndex() {
        return 0;
    }

    @Override
    public final Executor loop() {
        return world;
    }

    @Override
    public final boolean over() {
        return false;
    }

    @Override
    public final void whenLeft(Runnable leave) {
        // A trial stays until its rule is through.
    }

    @Override
    public final void resume(RuleOutcome later) {
        outcome = later;
    }

    private InetSocketAddress address(String name, String otherwise) {
        String text = exchange.text(name, otherwise);
        int colon = text.lastIndexOf(':');
        boolean port = colon > 0 && text.indexOf(':') == colon;
        try {
            return new InetSocketAddress(
                    InetAddress.ofLiteral(port ? text.substring(0, colon) : text),
                    port ? Integer.parseInt(text.substring(colon + 1)) : 0);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + " is '" + text + "', expected address:port", e);
        }
    }

    @Override
    public final InetSocketAddress clientAddress() {
        InetSocketAddress other = wishes.clientAddress();
        return other == null ? address("client", "192.0.2.100:50000") : other;
    }

    @Override
    public final RuleWishes wishes() {
        return wishes;
    }

    @Override
    public final @Nullable InetSocketAddress addressTowardsNode() {
        return null;
    }

    @Override
    public final InetSocketAddress localAddress() {
        return address("local", "192.0.2.1:80");
    }

    @Override
    public final boolean secure() {
        return exchange.flag("secure");
    }

    @Override
    public final @Nullable RuleTls tls() {
        return null;
    }

    @Override
    public final boolean logged() {
        return logged;
    }

    @Override
    public final void logged(boolean wanted) {
        logged = wanted;
    }

    @Override
    public final boolean kept() {
        return kept;
    }

    @Override
    public final void kept(boolean wanted) {
        kept = wanted;
    }

    @Override
    public final String virtualServer() {
        return exchange.text("virtualServer", "trial");
    }

    @Override
    public final Map<String, Object> connectionData() {
        return data;
    }

    @Override
    public final Pool pool() {
        return pool;
    }

    @Override
    public final void pool(Pool chosen, @Nullable PoolNode only) {
        pool = chosen;
        asked = only;
    }

    @Override
    public final @Nullable String persistence() {
        return persistence;
    }

    @Override
    public final boolean persistence(String name) {
        persistence = name;
        return true;
    }

    @Override
    public final void persistenceKey(String given) {
        key = given;
    }

    @Override
    public final void persistenceNode(String given) {
        node = given;
    }

    @Override
    public final @Nullable String node() {
        return exchange.has("node") ? exchange.text("node", "") : null;
    }

    @Override
    public final int retries() {
        return Integer.parseInt(exchange.text("retries", "0"));
    }

    @Override
    public final boolean resendable() {
        return exchange.text("method", "GET").matches("GET|HEAD|PUT|DELETE|OPTIONS|TRACE");
    }

    private long millis(String name) {
        return (long) (Double.parseDouble(exchange.text(name, "0")) * 1_000_000);
    }

    @Override
    public final long nanosSinceBegin() {
        return millis("milliseconds");
    }

    @Override
    public final long nanosOfNode() {
        return millis("nodeMilliseconds");
    }

    @Override
    public final long nanosInQueue() {
        return millis("queueMilliseconds");
    }

    @Override
    public final String completionReason() {
        return exchange.text("completion", "COMPLETE");
    }
}
