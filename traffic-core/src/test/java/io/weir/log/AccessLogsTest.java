package io.weir.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;

import io.weir.event.BoundedEventBus;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.metrics.LatencySnapshot;
import io.weir.metrics.MetricFamily;
import io.weir.metrics.MetricSink;
import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;

class AccessLogsTest {

    private static final Duration DEADLINE = Await.DEADLINE;

    private final Path directory;
    private final HandTicker ticker = new HandTicker();
    private final BoundedEventBus events = BoundedEventBus.start(ticker);
    private AccessLogs logs;

    AccessLogsTest(@TempDir Path directory) {
        this.directory = directory;
        this.logs = logs(DiskOutput::open, AccessLogs.QUEUE_BYTES);
    }

    private AccessLogs logs(LogOutput.Opener opener, int queueBytes) {
        return new AccessLogs(
                directory.resolve("logs"), ZoneOffset.UTC, queueBytes, ticker, events, opener);
    }

    @AfterEach
    void stop() throws InterruptedException {
        logs.stop(DEADLINE);
        events.close();
    }

    private static TestRecord request(String target) {
        TestRecord record = new TestRecord();
        record.target = TestRecord.bytes(target);
        return record;
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(directory.resolve("logs").resolve(file));
    }

    /** The figure of web on the metrics page. */
    private long count(String family, String... reason) {
        Map<String, Double> samples = new HashMap<>();
        logs.collect(
                new MetricSink() {
                    @Override
                    public void sample(MetricFamily f, double value, String... labels) {
                        samples.put(f.name() + List.of(labels), value);
                    }

                    @Override
                    public void histogram(MetricFamily f, LatencySnapshot s, String... labels) {
                        throw new AssertionError(f);
                    }

                    @Override
                    public void summary(
                            MetricFamily f,
                            long count,
                            double sum,
                            SortedMap<Double, Double> quantiles,
                            String... labels) {
                        throw new AssertionError(f);
                    }
                });
        List<String> labels = new ArrayList<>(List.of("web"));
        labels.addAll(List.of(reason));
        Double value = samples.get("weir_access_log_" + family + "_total" + labels);
        assertThat(value).as("%s %s in %s", family, labels, samples).isNotNull();
        return value == null ? -1 : value.longValue();
    }

    private List<Event> failures() throws InterruptedException {
        events.flush(DEADLINE);
        return events.recent(100).stream()
                .filter(event -> event.tag() == EventTag.VSLOGWRITEFAIL)
                .toList();
    }

    @Test
    void everyRequestIsOneLineWhileFilesRotate() throws Exception {
        AccessLog log = logs.open("web", "%v-%{%H%M%S}t.log", "combined");
        int threads = 4;
        int perThread = 2500;
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            int id = t;
            Thread.ofPlatform()
                    .start(
                            () -> {
                                for (int i = 0; i < perThread; i++) {
                                    log.log(request("/" + id + "/" + i + "?\"\n\\"));
                                    if (i % 250 == 0) {
                                        ticker.advance(Duration.ofSeconds(1));
                                    }
                                }
                                done.countDown();
                            });
        }
        done.await();
        assertThat(logs.flush(DEADLINE)).isTrue();
        log.log(request("/last"));
        assertThat(logs.stop(DEADLINE)).isTrue();

        List<Path> files;
        try (var list = Files.list(directory.resolve("logs"))) {
            files = list.toList();
        }
        Set<String> requests = new HashSet<>();
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                assertThat(requests.add(CombinedLine.parse(line).request())).isTrue();
            }
        }
        assertThat(requests).hasSize(threads * perThread + 1);
        assertThat(files.size()).isGreaterThan(1);
        assertThat(count("lines")).isEqualTo(10_001);
        assertThat(count("lost_lines", "queue_full")).isZero();
        assertThat(count("lost_lines", "write_failed")).isZero();
    }

    @Test
    void aNewDayBeginsANewFileAndTheOldOneIsComplete() throws Exception {
        AccessLog log = logs.open("web", "%v-%{%F}t.log", "%U");
        log.log(request("/before"));
        assertThat(logs.flush(DEADLINE)).isTrue();
        ticker.advance(Duration.ofSeconds(10));
        log.log(request("/after"));
        assertThat(logs.flush(DEADLINE)).isTrue();

        assertThat(lines("web-2026-03-04.log")).containsExactly("/before");
        assertThat(lines("web-2026-03-05.log")).containsExactly("/after");
    }

    @Test
    void aFullQueueDropsAndCountsAndHoldsUpNobody() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        logs =
                logs(
                        path -> {
                            LogOutput disk = DiskOutput.open(path);
                            return new SlowDisk(disk, stuck, released);
                        },
                        2 * ByteSink.MAX_LINE);
        AccessLog log = logs.open("web", "%v.log", "%U");
        log.log(request("/first"));
        stuck.await();

        int fit = 2 * ByteSink.MAX_LINE / 64;
        for (int i = 0; i < fit + 500; i++) {
            log.log(request("/" + i));
        }

        // Nothing waited: the disk is still stuck.
        assertThat(count("lost_lines", "queue_full")).isBetween(499L, 501L);
        assertThat(logs.flush(Duration.ofMillis(10))).isFalse();
        released.countDown();
        assertThat(logs.flush(DEADLINE)).isTrue();
        long lost = count("lost_lines", "queue_full");
        assertThat(lines("web.log")).hasSize((int) (1 + fit + 500 - lost)).startsWith("/first");
        log.log(request("/more"));
        assertThat(logs.flush(DEADLINE)).isTrue();
        assertThat(lines("web.log")).endsWith("/more");
    }

    @Test
    void anUnwritableDirectoryIsToldOnceAndLinesArriveWhenItIsRepaired() throws Exception {
        Files.writeString(directory.resolve("logs"), "in the way");
        AccessLog log = logs.open("web", "%v.log", "%U");
        Await.until("a failure", () -> !failures().isEmpty());

        for (int i = 0; i < 100; i++) {
            log.log(request("/" + i));
        }
        assertThat(logs.flush(DEADLINE)).isFalse();
        ticker.advance(Duration.ofSeconds(5));
        log.log(request("/100"));
        assertThat(logs.flush(DEADLINE)).isFalse();
        assertThat(failures()).hasSize(1);
        Event event = failures().getFirst();
        assertThat(event.objects()).containsExactly(ObjectRef.virtualServer("web"));
        assertThat(event.text()).contains(directory.resolve("logs/web.log").toString());

        Files.delete(directory.resolve("logs"));
        ticker.advance(Duration.ofSeconds(1));
        assertThat(logs.flush(DEADLINE)).isTrue();

        assertThat(lines("web.log")).hasSize(101).startsWith("/0").endsWith("/100");
        assertThat(failures()).hasSize(1);
        assertThat(count("lines")).isEqualTo(101);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskLosesWhatMemoryCannotHoldAndCountsIt() throws Exception {
        Path log = directory.resolve("logs/web.log");
        Files.createDirectories(directory.resolve("logs"));
        Files.createSymbolicLink(log, Path.of("/dev/full"));
        AccessLog access = logs.open("web", "web.log", "%U");
        AccessLog healthy = logs.open("shop", "shop.log", "%U");
        String path = "/" + "x".repeat(998);
        for (int i = 0; i < 1000; i++) {
            access.log(request(path));
            healthy.log(request("/ok"));
        }
        assertThat(logs.flush(DEADLINE)).isFalse();
        assertThat(failures()).hasSize(1);
        assertThat(lines("shop.log")).hasSize(1000);

        Files.delete(log);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(logs.flush(DEADLINE)).isTrue();

        int held = LineFile.MAX_HELD / 1000;
        assertThat(lines("web.log")).hasSize(held).containsOnly(path);
        assertThat(count("lines")).isEqualTo(held);
        assertThat(count("lost_lines", "write_failed")).isEqualTo(1000 - held);
    }

    @Test
    void aSecondOutageIsToldAgain() throws Exception {
        Path where = directory.resolve("logs");
        Files.writeString(where, "in the way");
        AccessLog log = logs.open("web", "%v.log", "%U");
        log.log(request("/1"));
        Await.until("a failure", () -> failures().size() == 1);
        Files.delete(where);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(logs.flush(DEADLINE)).isTrue();

        Files.delete(where.resolve("web.log"));
        Files.delete(where);
        Files.writeString(where, "in the way again");
        ticker.advance(Duration.ofSeconds(1)); // renames are looked for once a second
        log.log(request("/2"));
        assertThat(logs.flush(DEADLINE)).isFalse();

        assertThat(failures()).hasSize(2);
    }

    @Test
    void anUnchangedLogStaysAndAChangedOneTakesItsPlace() throws Exception {
        AccessLog log = logs.open("web", "%v.log", "%U");
        assertThat(logs.open("web", "%v.log", "%U")).isSameAs(log);

        AccessLog otherFormat = logs.open("web", "%v.log", "%m %U");
        AccessLog otherFile = logs.open("web", "other.log", "%m %U");
        log.log(request("/old"));
        otherFormat.log(request("/newer"));
        otherFile.log(request("/newest"));
        assertThat(logs.flush(DEADLINE)).isTrue();

        assertThat(lines("web.log")).containsExactly("/old", "GET /newer");
        assertThat(lines("other.log")).containsExactly("GET /newest");
        assertThat(count("lines")).isEqualTo(3);
    }

    @Test
    void exchangesThatOutliveTheirVirtualServerAreStillLogged() throws Exception {
        AccessLog log = logs.open("web", "%v.log", "%U");
        logs.retain(Set.of());
        log.log(request("/late"));
        assertThat(logs.flush(DEADLINE)).isTrue();
        ticker.advance(Duration.ofSeconds(2));
        log.log(request("/later"));
        assertThat(logs.flush(DEADLINE)).isTrue();

        assertThat(lines("web.log")).containsExactly("/late", "/later");
    }

    @Test
    void virtualServersMayShareAFile() throws Exception {
        AccessLog web = logs.open("web", "all.log", "%U");
        AccessLog shop = logs.open("shop", "all.log", "shop %U");
        for (int i = 0; i < 100; i++) {
            web.log(request("/w"));
            shop.log(request("/s"));
        }
        assertThat(logs.flush(DEADLINE)).isTrue();

        assertThat(lines("all.log")).hasSize(200).containsOnly("/w", "shop /s");
        assertThat(count("lines")).isEqualTo(100);
    }

    @Test
    void filesCanBeRotatedFromOutside() throws Exception {
        Path file = directory.resolve("logs/web.log");
        AccessLog log = logs.open("web", "%v.log", "%U");
        log.log(request("/1"));
        assertThat(logs.flush(DEADLINE)).isTrue();
        Files.move(file, directory.resolve("logs/web.log.1"));
        ticker.advance(Duration.ofSeconds(1));
        log.log(request("/2"));
        assertThat(logs.flush(DEADLINE)).isTrue();

        assertThat(lines("web.log.1")).containsExactly("/1");
        assertThat(lines("web.log")).containsExactly("/2");
    }

    @Test
    void aFileOutsideTheLogDirectoryOrAWrongFormatIsRefused() {
        assertThatThrownBy(() -> logs.open("web", "../web.log", "json"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("../web.log");
        assertThatThrownBy(() -> logs.open("web", "web.log", "%Z")).hasMessageContaining("%Z");
        for (String file : List.of("/etc/x", "../logs/x", "/logs/x", "%v/../..")) {
            assertThatThrownBy(() -> AccessLogs.checkFile("web", file)).hasMessageContaining(file);
            assertThatThrownBy(() -> logs.open("web", file, "json")).hasMessageContaining(file);
        }
        assertThatThrownBy(() -> AccessLogs.checkFormat("%Z")).hasMessageContaining("%Z");
        AccessLogs.checkFile("web", "%v-%{%F}t.log");
        AccessLogs.checkFormat("combined");
    }

    @Test
    void stoppingWritesWhatIsQueuedAndCountsWhatComesLater() throws Exception {
        AccessLog log = logs.open("web", "%v.log", "%U");
        for (int i = 0; i < 5000; i++) {
            log.log(request("/" + i));
        }
        assertThat(logs.stop(DEADLINE)).isTrue();
        log.log(request("/late"));

        assertThat(lines("web.log")).hasSize(5000);
        assertThat(count("lost_lines", "queue_full")).isEqualTo(1);
    }

    @Test
    void stoppingInAnOutageTellsTheLoss() throws Exception {
        Files.writeString(directory.resolve("logs"), "in the way");
        AccessLog log = logs.open("web", "%v.log", "%U");
        log.log(request("/1"));

        assertThat(logs.stop(DEADLINE)).isFalse();
        assertThat(count("lost_lines", "write_failed")).isEqualTo(1);
    }

    @Test
    void nothingIsStartedBeforeTheFirstLog() throws Exception {
        AccessLog.OFF.log(new TestRecord());

        assertThat(logs.flush(Duration.ZERO)).isTrue();
        assertThat(logs.stop(Duration.ZERO)).isTrue();
        assertThat(directory.resolve("logs")).doesNotExist();
    }

    @Test
    void loggingAllocatesNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String format : List.of("combined", "json")) {
            AccessLog log = logs.open("web", "%v.log", format);
            TestRecord record = new FixedRecord();
            for (int i = 0; i < 100; i++) {
                log.log(record);
            }
            assertThat(logs.flush(DEADLINE)).isTrue();

            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 5000; i++) {
                log.log(record);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            // Less than one byte a line: what the JVM itself allocates now and then.
            assertThat(allocated).as(format).isLessThan(5000);
        }
    }

    /** Texts as the exchange has them: bytes that are there already. */
    private static final class FixedRecord extends TestRecord {
        private static final byte[] AGENT = TestRecord.bytes("Mozilla/5.0 (\"quoted\" \\ é)");

        @Override
        public void requestHeader(String name, ByteSink out) {
            out.put(AGENT);
        }

        @Override
        public void path(ByteSink out) {
            out.put(target);
        }
    }

    /** A disk whose first write of a line waits to be released. */
    private record SlowDisk(LogOutput disk, CountDownLatch stuck, CountDownLatch released)
            implements LogOutput {

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            stuck.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            disk.write(bytes);
        }

        @Override
        public boolean isGone() {
            return disk.isGone();
        }

        @Override
        public void cut(int bytes) throws IOException {
            disk.cut(bytes);
        }

        @Override
        public long size() throws IOException {
            return disk.size();
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }
}
