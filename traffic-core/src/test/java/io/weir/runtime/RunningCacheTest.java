package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.compress.Encoder;
import io.weir.compress.Encoders;
import io.weir.config.CompressionConfig.Coding;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.event.BoundedEventBus;
import io.weir.testkit.ConfigText;
import io.weir.testkit.ManualTicker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;

/** What the cache of a data plane keeps from one configuration to the next. */
class RunningCacheTest {

    private final ManualTicker ticker = new ManualTicker();
    private BoundedEventBus events;
    private RunningCache cache;

    @BeforeEach
    void start() {
        events = BoundedEventBus.start(ticker);
        cache =
                new RunningCache(
                        config("true").global().cache(),
                        null,
                        ticker,
                        events,
                        Executors.newSingleThreadScheduledExecutor());
    }

    @AfterEach
    void stop() {
        cache.stop();
        events.close();
    }

    private static WeirConfig config(String compression) {
        String text =
                ConfigText.ofNodes("10.0.0.1:80")
                        .virtualServer("compression: " + compression)
                        .toString();
        Environment nothing = new Environment(Map.of(), Path.of("no-secrets"));
        return Objects.requireNonNull(
                ConfigLoader.parse(text, Path.of("weir.yaml"), nothing).config(), text);
    }

    /** The encoders of a virtual server once its configuration is in force. */
    private Encoders configured(String compression) {
        WeirConfig config = config(compression);
        VirtualServerConfig vs = Objects.requireNonNull(config.virtualServers().get("web"));
        Encoders encoders = Objects.requireNonNull(cache.compression(vs)).encoders();
        cache.configure(config.global().cache(), List.of(vs));
        return encoders;
    }

    private static void compress(Encoder encoder) {
        ByteBuf text = Unpooled.wrappedBuffer(new byte[100]);
        encoder.write(text, ByteBuf::release);
        text.release();
        encoder.finish(ByteBuf::release);
    }

    @Test
    void encodersOutliveChangesOfOtherThingsOnly() {
        Encoders first = configured("{codings: [zstd]}");
        Encoder kept = first.take(Coding.ZSTD);
        Encoder used = first.take(Coding.ZSTD);
        first.giveBack(Coding.ZSTD, kept);
        assertThat(configured("{codings: [zstd]}")).isSameAs(first);
        assertThat(first.take(Coding.ZSTD)).isSameAs(kept);
        compress(kept);
        first.giveBack(Coding.ZSTD, kept);

        assertThat(configured("{codings: [zstd], zstd-level: 5}")).isNotSameAs(first);
        assertThatThrownBy(kept::reset).isInstanceOf(IllegalStateException.class);
        compress(used);
        first.giveBack(Coding.ZSTD, used);
        assertThatThrownBy(used::reset).isInstanceOf(IllegalStateException.class);
        Encoder late = first.take(Coding.ZSTD);
        compress(late);
        first.giveBack(Coding.ZSTD, late);
        assertThatThrownBy(late::reset).isInstanceOf(IllegalStateException.class);
    }
}
