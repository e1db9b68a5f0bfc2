package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sizes are limited, by default too, and what lies just inside a limit is served. */
class LimitsTest {

    private static final String END = " HTTP/1.1\r\nHost: weir.test\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private FakeNode node;

    @BeforeEach
    void start() {
        node = WEIR.node("n");
    }

    private int status(RunningWeir weir, String request) {
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(request);
            ReceivedResponse response = client.response("GET");
            if (response.status() >= 400) {
                assertThat(client.closedByPeer()).isTrue();
            }
            return response.status();
        }
    }

    @Test
    void targetsHeadsAndFieldsAreLimitedByDefault() {
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        String path = "/" + "a".repeat(8 * 1024 - 1);
        assertThat(status(weir, "GET " + path + END + "\r\n")).isEqualTo(200);
        assertThat(status(weir, "GET " + path + "a" + END + "\r\n")).isEqualTo(414);

        String start = "GET /a" + END + "X: ";
        String end = "\r\n\r\n";
        String value = "b".repeat(32 * 1024 - start.length() - end.length());
        assertThat(status(weir, start + value + end)).isEqualTo(200);
        assertThat(status(weir, start + value + "b" + end)).isEqualTo(431);

        assertThat(status(weir, "GET /a" + END + "X: y\r\n".repeat(99) + "\r\n")).isEqualTo(200);
        assertThat(status(weir, "GET /a" + END + "X: y\r\n".repeat(100) + "\r\n")).isEqualTo(431);
        assertThat(node.requests()).isEqualTo(3);
    }

    @Test
    void bodiesAreLimitedWhenAskedFor() {
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).virtualServer("limits: { max-body-length: 10 }"));
        String post = "POST /a" + END;
        assertThat(status(weir, post + "Content-Length: 10\r\n\r\n0123456789")).isEqualTo(200);
        assertThat(status(weir, post + "Content-Length: 11\r\n\r\n0123456789X")).isEqualTo(413);
        String chunked = post + "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n";
        assertThat(status(weir, chunked + "5\r\n56789\r\n0\r\n\r\n")).isEqualTo(200);
        assertThat(status(weir, chunked + "6\r\n56789X\r\n0\r\n\r\n")).isEqualTo(413);

        assertThat(node.requests()).isEqualTo(2);
        Await.until(
                "the request that was too long to be cut off",
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.unfinished() > 0));
    }
}
