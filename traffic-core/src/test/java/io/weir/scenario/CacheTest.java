package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Responses come from the store as long as RFC 9111 and the configuration let them. */
class CacheTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void aFreshResponseIsServedWithoutTheNode() {
        CacheWorld world = new CacheWorld(WEIR).answeringOk("Cache-Control: max-age=60", "X-A: b");
        ReceivedResponse first = world.get("/a");
        ReceivedResponse second = world.get("/a");
        assertThat(first.text()).isEqualTo("body 1");
        assertThat(second.text()).isEqualTo("body 1");
        assertThat(second.field("X-A")).isEqualTo("b");
        assertThat(second.field("Age")).isEqualTo("0");
        assertThat(second.field("X-Cache-Info")).isEqualTo("hit");
        assertThat(world.asked()).isEqualTo(1);
    }

    @Test
    void aStaleResponseIsAskedAboutAndServedAgainWhenTheNodeConfirmsIt() {
        CacheWorld world =
                new CacheWorld(WEIR).answeringOk("Cache-Control: max-age=60", "ETag: \"x\"");
        world.get("/a");
        world.passSeconds(61);
        world.answering(request -> "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nX-New: 1\r\n\r\n");
        ReceivedResponse second = world.get("/a");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo("body 1");
        assertThat(second.field("X-New")).isEqualTo("1");
        assertThat(world.lastRequest().fields().first("If-None-Match")).isEqualTo("\"x\"");
        assertThat(world.get("/a").field("X-Cache-Info")).isEqualTo("hit");
        assertThat(world.asked()).isEqualTo(2);
    }
}
