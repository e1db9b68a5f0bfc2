package io.weir.js;

import io.weir.config.Priority;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.rule.HttpSide;
import io.weir.rule.RuleCaching;
import io.weir.rule.RuleState;
import io.weir.rule.RuleStream;
import io.weir.slm.ServiceLevel;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A described exchange of HTTP. Confined to one thread. */
final class TrialHttp extends TrialSide implements HttpSide {

    private final RequestHead request = new RequestHead();
    private final byte[] asDescribed;
    private final @Nullable ResponseHead response;
    private final Caching caching = new Caching();
    private Priority priority = Priority.NORMAL;
    private byte[] requestBody;
    private byte[] responseBody;
    private final TrialStream stream;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private Duration maxDuration = Duration.ZERO;

    TrialHttp(Described exchange, TrialWorld world) {
        super(exchange, world);
        asDescribed = Described.bytesOf(request(exchange));
        renew();
        requestBody = exchange.bytes("body");
        Described answer = exchange.object("response");
        response = state() == RuleState.REQUEST ? null : response(answer);
        responseBody = answer.bytes("body");
        stream = new TrialStream(response == null ? new byte[0] : responseBody);
    }

    /** Makes the head of the request what it is described as. */
    void renew() {
        request.clear();
        var _ = read(request, asDescribed);
    }

    /** Notes what is wanted; nothing is cached. */
    private static final class Caching implements RuleCaching {
        private final Map<String, Object> wanted = new LinkedHashMap<>();

        @Override
        public void cache(boolean yes) {
            wanted.put("cache", yes);
        }

        @Override
        public void cacheKey(String text) {
            wanted.put("key", text);
        }

        @Override
        public boolean cached(@Nullable String pool) {
            return false;
        }

        @Override
        public void compress(boolean yes) {
            wanted.put("compress", yes);
        }
    }

    @Override
    void tell(Map<String, Object> result) {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("method", request.methodName());
        asked.put("url", request.target());
        asked.put("headers", fields(request));
        asked.put("body", new String(requestBody, StandardCharsets.ISO_8859_1));
        result.put("request", asked);
        if (!caching.wanted.isEmpty()) {
            result.put("caching", caching.wanted);
        }
        if (!cookies.isEmpty()) {
            result.put("cookies", List.copyOf(cookies.values()));
        }
        ResponseHead head = response;
        if (stream.begun()) {
            result.put("streamed", stream.told());
        }
        if (head != null) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("status", head.status());
            answer.put("headers", fields(head));
            answer.put("body", new String(responseBody, StandardCharsets.ISO_8859_1));
            result.put("response", answer);
        }
    }

    @Override
    public void answerCookie(String name, String cookie) {
        cookies.put(name, cookie);
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public @Nullable ResponseHead response() {
        return response;
    }

    @Override
    public void awaitRequestBody(long limit, Runnable done) {
        done.run();
    }

    @Override
    public byte @Nullable [] requestBody() {
        return requestBody;
    }

    @Override
    public void requestBody(byte[] body) {
        requestBody = body;
    }

    @Override
    public void awaitResponseBody(long limit, Runnable done) {
        done.run();
    }

    @Override
    public byte @Nullable [] responseBody() {
        return responseBody;
    }

    @Override
    public void responseBody(byte[] body) {
        responseBody = body;
    }

    @Override
    public Duration maxDuration() {
        return maxDuration;
    }

    @Override
    public void maxDuration(Duration time) {
        maxDuration = time;
    }

    @Override
    public int heldBytes() {
        return requestBody.length + responseBody.length;
    }

    @Override
    public RuleStream stream() {
        return stream;
    }

    @Override
    public RuleCaching caching() {
        return caching;
    }

    @Override
    public @Nullable ServiceLevel serviceLevel() {
        return null;
    }

    @Override
    public void serviceLevel(@Nullable ServiceLevel level) {
        // Nothing is counted.
    }

    @Override
    public Priority priority() {
        return priority;
    }

    @Override
    public void priority(Priority next) {
        priority = next;
    }
}
