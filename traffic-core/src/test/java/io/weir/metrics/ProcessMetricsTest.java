package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

class ProcessMetricsTest {

    @TempDir Path logs;

    private Exposition read(Path directory, long direct) {
        Metrics metrics = new Metrics(1);
        metrics.addSource(new ProcessMetrics("1.2.3", directory, () -> direct));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            metrics.write(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Exposition.parse(out.toString(StandardCharsets.UTF_8));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void figuresAgreeWithTheOperatingSystem() throws IOException {
        // Reading the directory takes a handle itself, and other tests leave some to be closed.
        Await.until(
                "both to count the same handles",
                () -> Math.abs(read(logs, 4096).value("process_open_fds") - handles()) <= 5);
        Exposition page = read(logs, 4096);
        assertThat(page.value("process_max_fds")).isGreaterThan(page.value("process_open_fds"));
        assertThat(page.value("netty_direct_memory_used_bytes")).isEqualTo(4096);
        assertThat(page.value("process_cpu_seconds_total")).isPositive();
        assertThat(page.value("process_resident_memory_bytes"))
                .isGreaterThan(page.value("jvm_memory_used_bytes", "area", "nonheap") / 2);
        assertThat(page.value("jvm_memory_used_bytes", "area", "heap"))
                .isLessThanOrEqualTo(page.value("jvm_memory_max_bytes", "area", "heap"));
        assertThat(page.value("jvm_threads_current")).isPositive();
        assertThat(page.has("jvm_gc_collection_seconds_count")).isTrue();
        assertThat(page.value("weir_log_filesystem_available_bytes"))
                .isLessThanOrEqualTo((double) Files.getFileStore(logs).getTotalSpace());
        assertThat(
                        page.value(
                                "weir_build_info",
                                "version",
                                "1.2.3",
                                "java",
                                Runtime.version().toString()))
                .isEqualTo(1);
    }

    private static long handles() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        Exposition page = read(logs.resolve("missing"), -1);

        assertThat(page.has("netty_direct_memory_used_bytes")).isFalse();
        assertThat(page.has("weir_log_filesystem_available_bytes")).isFalse();
    }
}
