package io.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class SystemLogTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Logger logger = LoggerFactory.getLogger("io.weir.pool.Balancer");

    @AfterEach
    void giveTheOtherTestsTheirLogBack() {
        Configurator.reconfigure();
    }

    private List<String> logged(@Nullable String level, Runnable what) {
        SystemLog log = SystemLog.start(level, out);
        what.run();
        try {
            assertThat(log.flush(DEADLINE)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aMessageIsOneLineForPeople() {
        List<String> lines = logged(null, () -> logger.info("pool {} has {} nodes", "web", 3));

        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)"
                                + " INFO  \\[[^]]+\\] pool\\.Balancer: pool web has 3 nodes");
    }

    @Test
    void whatTrafficBringsCannotForgeALineOrCommandATerminal() {
        List<String> lines =
                logged(
                        null,
                        () ->
                                logger.error(
                                        "bad request {}", "x\n2026 ERROR forged \u001b[2J\u009b"));

        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst())
                .endsWith("bad request x\\n2026 ERROR forged \\u001b[2J\\u009b");
    }

    @Test
    void stackTracesAreIndentedAndTheirMessagesEscaped() {
        Exception cause = new IllegalStateException("inner\nforged");
        List<String> lines =
                logged(
                        null,
                        () -> logger.warn("failed", new java.io.IOException("a\u001bb", cause)));

        assertThat(lines.get(0)).endsWith("pool.Balancer: failed");
        assertThat(lines.get(1)).isEqualTo("    java.io.IOException: a\\u001bb");
        assertThat(lines.get(2)).startsWith("        at io.weir.log.SystemLogTest.");
        assertThat(lines).contains("    caused by java.lang.IllegalStateException: inner\\nforged");
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("    "));
    }

    @ParameterizedTest
    @CsvSource({
        "error, 1",
        "WARN, 2",
        "info, 3",
        "' Info ', 3",
        "'', 3",
        "debug, 4",
        "trace, 5",
        "off, 0",
    })
    void theLevelIsAsAsked(String level, int messages) {
        List<String> lines =
                logged(
                        level,
                        () -> {
                            logger.error("e");
                            logger.warn("w");
                            logger.info("i");
                            logger.debug("d");
                            logger.trace("t");
                        });

        assertThat(lines).hasSize(messages);
    }

    @Test
    void detailsOfLibrariesComeWithTraceOnly() {
        Logger library = LoggerFactory.getLogger("org.example.Library");

        assertThat(logged("debug", () -> library.debug("d"))).isEmpty();
        assertThat(logged("trace", () -> library.debug("d"))).hasSize(1);
    }

    @Test
    void anUnknownLevelIsToldAndMeansInfo() {
        List<String> lines =
                logged(
                        "loud",
                        () -> {
                            logger.debug("d");
                            logger.info("i");
                        });

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).contains("WARN").contains("\"loud\"").contains("debug");
    }

    @Test
    void aStreamThatNobodyReadsHoldsUpNobody() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        SystemLog log =
                SystemLog.start(
                        "info",
                        new OutputStream() {
                            @Override
                            public void write(int b) {
                                throw new AssertionError("one byte at a time");
                            }

                            @Override
                            public void write(byte[] bytes, int from, int length)
                                    throws IOException {
                                stuck.countDown();
                                try {
                                    released.await();
                                } catch (InterruptedException e) {
                                    throw new IOException(e);
                                }
                                out.write(bytes, from, length);
                            }
                        });
        logger.info("first");
        stuck.await();
        for (int i = 0; i < 5000; i++) {
            logger.info("message {}", i);
        }

        assertThat(log.dropped()).isEqualTo(5000 - 4096);
        assertThat(log.flush(Duration.ofMillis(10))).isFalse();
        released.countDown();
        assertThat(log.flush(DEADLINE)).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .contains(5000 - 4096 + " messages were dropped here")
                .hasSize(1 + 4096 + 1);
    }
}
