package io.weir.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.FileAccessLog.LogCounts;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class LineQueueTest {

    private static final int CAPACITY = 2 * ByteSink.MAX_LINE;

    private final LineQueue queue = new LineQueue(CAPACITY);
    private final FileAccessLog owner = owner("web");
    private final List<String> read = new ArrayList<>();

    private static FileAccessLog owner(String name) {
        HandTicker ticker = new HandTicker();
        LogWriter writer =
                new LogWriter(
                        CAPACITY,
                        ticker,
                        io.weir.event.BoundedEventBus.start(ticker),
                        DiskOutput::open,
                        List::of);
        return new FileAccessLog(
                name,
                "%h",
                LogFormat.compile("%h"),
                LogFileName.compile("x", Path.of("/logs"), name, ZoneOffset.UTC),
                writer,
                new LogCounts());
    }

    private boolean offer(FileAccessLog log, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        return queue.offer(log, bytes, bytes.length);
    }

    private int drain(int max) {
        return queue.drain(
                (log, bytes, offset, length) ->
                        read.add(
                                log.virtualServer()
                                        + ":"
                                        + new String(
                                                bytes, offset, length, StandardCharsets.US_ASCII)),
                max);
    }

    @Test
    void linesComeOutInTheirOrderWithTheirLog() {
        offer(owner, "one");
        offer(owner("shop"), "two");
        offer(owner, "three");

        assertThat(drain(2)).isEqualTo(2);
        assertThat(drain(2)).isEqualTo(1);
        assertThat(drain(2)).isZero();
        assertThat(read).containsExactly("web:one", "shop:two", "web:three");
        assertThat(queue.drained()).isEqualTo(queue.offered());
    }

    @Test
    void aFullQueueRefusesAndTakesAgainWhenThereIsRoom() {
        String line = "x".repeat(1000); // 16 cells of 64 bytes
        int fit = CAPACITY / 1024;
        for (int i = 0; i < fit; i++) {
            assertThat(offer(owner, line)).isTrue();
        }
        assertThat(offer(owner, line)).isFalse();
        assertThat(offer(owner, "y")).isFalse();

        assertThat(drain(1)).isEqualTo(1);

        assertThat(offer(owner, line)).isTrue();
        assertThat(offer(owner, "y")).isFalse();
        assertThat(drain(Integer.MAX_VALUE)).isEqualTo(fit);
        assertThat(read).hasSize(fit + 1).containsOnly("web:" + line);
    }

    @Test
    void linesOfEveryLengthSurviveManyRoundsOfTheRing() {
        for (int i = 1; i < 3000; i++) {
            String line = (char) ('a' + i % 26) + "z".repeat(i * 37 % 5000);
            assertThat(offer(owner, line)).isTrue();
            read.clear();
            assertThat(drain(10)).isEqualTo(1);
            assertThat(read).containsExactly("web:" + line);
        }
        assertThat(queue.offered()).isGreaterThan(10L * CAPACITY);
    }

    @Test
    void theLongestLineFitsAndALongerOneIsRefused() {
        byte[] longest = new byte[ByteSink.MAX_LINE + 1];
        Arrays.fill(longest, (byte) 'x');
        offer(owner, "shift");

        assertThat(queue.offer(owner, longest, ByteSink.MAX_LINE)).isTrue();
        assertThat(queue.offer(owner, longest, ByteSink.MAX_LINE + 1)).isFalse();
        assertThat(queue.offer(owner, longest, 0)).isFalse();
        assertThat(drain(10)).isEqualTo(2);
        assertThat(read.get(1)).hasSize(ByteSink.MAX_LINE + 4);
    }

    @Test
    void manyThreadsLoseAndMixNothing() throws InterruptedException {
        int perThread = 20_000;
        AtomicInteger refused = new AtomicInteger();
        Thread[] threads = new Thread[3];
        for (int t = 0; t < threads.length; t++) {
            int id = t;
            threads[t] =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < perThread; i++) {
                                            String line = id + " " + i + " " + "abc".repeat(i % 60);
                                            while (!offer(owner, line)) {
                                                refused.incrementAndGet();
                                                Thread.onSpinWait();
                                            }
                                        }
                                    });
        }
        while (read.size() < threads.length * perThread) {
            drain(1000);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        int[] next = new int[threads.length];
        for (String line : read) {
            String[] words = line.substring("web:".length()).split(" ", -1);
            int id = Integer.parseInt(words[0]);
            assertThat(Integer.parseInt(words[1])).isEqualTo(next[id]);
            assertThat(words[2]).isEqualTo("abc".repeat(next[id] % 60));
            next[id]++;
        }
        assertThat(drain(1)).isZero();
    }

    @Test
    void aCapacityThatIsNoPowerOfTwoIsRefused() {
        assertThatThrownBy(() -> new LineQueue(3_000_000)).hasMessageContaining("3000000");
        assertThatThrownBy(() -> new LineQueue(64)).hasMessageContaining("64");
    }
}
