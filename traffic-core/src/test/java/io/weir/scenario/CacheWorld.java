package io.weir.scenario;

import io.weir.http.HttpDate;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.WeirExtension;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * A Weir with a cache, one node whose answers a test scripts, and a clock that can be moved
 * forward. Every answer of the node has a body of its own: {@code body 1}, {@code body 2} and so
 * on.
 */
final class CacheWorld {

    final ShiftedTicker clock = new ShiftedTicker();
    final FakeNode node;
    final RunningWeir weir;
    private volatile Function<ReceivedRequest, String> answers = request -> ok();
    private int answered;

    CacheWorld(WeirExtension extension, String... cacheLines) {
        node =
                extension.node(
                        "n",
                        Behaviour.answering(
                                request ->
                                        answers.apply(request)
                                                .getBytes(StandardCharsets.ISO_8859_1)));
        String[] lines = new String[cacheLines.length + 1];
        lines[0] = "cache: {enabled: true, cache-info: true}";
        if (cacheLines.length > 0) {
            lines[0] = "cache:";
            for (int i = 0; i < cacheLines.length; i++) {
                lines[i + 1] = "  " + cacheLines[i];
            }
        }
        weir = extension.start(ConfigText.of(node).virtualServer(lines), clock);
    }

    /** The node gives answers made by {@code next} from now on. */
    CacheWorld answering(Function<ReceivedRequest, String> next) {
        answers = next;
        return this;
    }

    /** The node answers 200 with these fields and a new body each time. */
    CacheWorld answeringOk(String... fields) {
        return answering(request -> ok(fields));
    }

    /** A 200 with these fields and a new body. */
    synchronized String ok(String... fields) {
        return response("200 OK", "body " + ++answered, fields);
    }

    static String response(String status, String body, String... fields) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    ReceivedResponse get(String target, String... fields) {
        return send("GET", target, fields);
    }

    ReceivedResponse send(String method, String target, String... fields) {
        try (RawClient client = RawClient.to(weir.port())) {
            return client.exchange(request(method, target, fields));
        }
    }

    static String request(String method, String target, String... fields) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        boolean host = false;
        for (String field : fields) {
            host |= field.startsWith("Host:");
        }
        text.append(host ? "" : "Host: weir.test\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text + "\r\n";
    }

    /** The clock's time, moved by {@code seconds}, as a field value. */
    String date(long seconds) {
        return HttpDate.format(clock.now().getEpochSecond() + seconds);
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    /** Requests that the node has got. */
    int asked() {
        return node.requests();
    }

    ReceivedRequest lastRequest() {
        List<ReceivedRequest> all = node.received();
        return all.get(all.size() - 1);
    }
}
