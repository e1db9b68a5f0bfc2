package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** Responses on disk serve clients of the next process. */
class CacheOnDiskTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    private static ReceivedResponse get(RunningWeir weir, String target) {
        try (RawClient client = RawClient.to(weir.port())) {
            return client.exchange(CacheWorld.request("GET", target));
        }
    }

    @Test
    void aRestartedWeirServesWhatTheOneBeforeHadStored() {
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.saying(
                                CacheWorld.response(
                                        "200 OK",
                                        "x".repeat(100_000),
                                        "Cache-Control: max-age=300")));
        ConfigText text =
                ConfigText.of(node)
                        .global("cache: {disk-size: 10MiB, disk-directory: \"" + directory + "\"}")
                        .virtualServer("cache: {enabled: true, cache-info: true}");
        RunningWeir first = WEIR.start(text);
        get(first, "/a");
        Await.until(
                "the response to lie on disk",
                () -> first.plane().cache().figures().diskResponses() == 1);
        assertThat(first.plane().stop(Duration.ofSeconds(10))).isTrue();
        RunningWeir second = WEIR.start(text);
        Await.until(
                "the directory to be read",
                () -> second.plane().cache().figures().diskResponses() == 1);
        ReceivedResponse again = get(second, "/a");
        assertThat(again.field("X-Cache-Info")).isEqualTo("hit");
        assertThat(again.body()).hasSize(100_000);
        assertThat(get(second, "/b").field("X-Cache-Info")).isEqualTo("miss");
        assertThat(node.requests()).isEqualTo(2);
    }
}
