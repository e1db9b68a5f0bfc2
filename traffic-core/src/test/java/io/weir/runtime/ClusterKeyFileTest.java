package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.Overlay;
import io.weir.config.Secret;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.event.BoundedEventBus;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.pool.NodeNames;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.time.Ticker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

class ClusterKeyFileTest {

    @TempDir Path state;

    @Test
    void theKeyIsMadeOnceForTheOwnerAloneAndUsedFromThenOn() throws IOException {
        new ClusterKeyFile(state).key(null);
        Path file = state.resolve("cluster-key");
        String text = Files.readString(file);
        assertThat(text).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        new ClusterKeyFile(state).key(null);
        assertThat(Files.readString(file)).isEqualTo(text);
        try (var files = Files.list(state)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aConfiguredKeyNeedsNoFile() throws IOException {
        new ClusterKeyFile(state).key(new Secret("a key for every member"));
        try (var files = Files.list(state)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aDamagedFileIsNeitherUsedNorReplaced() throws IOException {
        Path file = state.resolve("cluster-key");
        for (String text : new String[] {"", "0011", "no key"}) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> new ClusterKeyFile(state).key(null))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("64 hexadecimal digits");
            assertThat(Files.readString(file)).isEqualTo(text);
        }
    }

    @Test
    void whereTheKeyCannotBeKeptTheConfigurationIsRefusedAndWhatRunsGoesOn() throws IOException {
        Files.createDirectory(state.resolve("cluster-key"));
        FakeNode node = FakeNode.answering("n");
        BoundedEventBus events = BoundedEventBus.start(Ticker.system());
        WeirConfig config = load(ConfigText.of(node).global("event-loops: 1"));
        WeirRuntime runtime =
                new WeirRuntime(
                        config.global(),
                        new WeirRuntime.Services(
                                Ticker.system(),
                                events,
                                new Metrics(1),
                                new AccessLogs(state, Ticker.system(), events),
                                NodeNames.of(Map.of()),
                                state));
        try {
            assertThat(runtime.apply(config, Overlay.EMPTY).applied())
                    .as("without persistence classes no key is needed")
                    .isTrue();
            DataPlane.ApplyResult result =
                    runtime.apply(
                            load(
                                    ConfigText.of(node)
                                            .global("event-loops: 1")
                                            .pool("persistence: s"),
                                    "persistence-classes: {s: {type: transparent}}\n"),
                            Overlay.EMPTY);
            assertThat(result.applied()).isFalse();
            assertThat(result.objects().toString()).contains("cluster-key");
            String listen = runtime.status().virtualServers().get(0).listen().get(0);
            try (RawClient client = RawClient.to(listen)) {
                assertThat(client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status())
                        .isEqualTo(200);
            }
        } finally {
            runtime.stop(Duration.ofSeconds(1));
            events.close();
            node.close();
        }
    }

    private static WeirConfig load(ConfigText text, String... more) {
        var loaded =
                ConfigLoader.parse(
                        text + String.join("", more),
                        Path.of("weir.yaml"),
                        new Environment(Map.of(), Path.of("no-secrets")));
        return Objects.requireNonNull(loaded.config());
    }
}
