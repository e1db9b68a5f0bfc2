package io.weir.metrics;

import com.sun.management.UnixOperatingSystemMXBean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Figures of the process itself under the names that dashboards for the JVM expect. Reads the
 * platform's management beans at each page and none before the first, since loading them takes time
 * that the start should not pay.
 */
public final class ProcessMetrics implements MetricSource {

    private static final MetricFamily CPU =
            MetricFamily.counter(
                    "process_cpu_seconds_total", "User and system time spent by the process.");
    private static final MetricFamily START =
            MetricFamily.gauge(
                    "process_start_time_seconds", "Start of the process, in seconds since 1970.");
    private static final MetricFamily OPEN_FDS =
            MetricFamily.gauge("process_open_fds", "Open file handles.");
    private static final MetricFamily MAX_FDS =
            MetricFamily.gauge("process_max_fds", "Limit of open file handles.");
    private static final MetricFamily RESIDENT =
            MetricFamily.gauge("process_resident_memory_bytes", "Memory held in RAM.");
    private static final MetricFamily MEMORY_USED =
            MetricFamily.gauge("jvm_memory_used_bytes", "JVM memory in use.", "area");
    private static final MetricFamily MEMORY_COMMITTED =
            MetricFamily.gauge(
                    "jvm_memory_committed_bytes", "JVM memory got from the system.", "area");
    private static final MetricFamily MEMORY_MAX =
            MetricFamily.gauge("jvm_memory_max_bytes", "Limit of JVM memory.", "area");
    private static final MetricFamily BUFFERS_USED =
            MetricFamily.gauge("jvm_buffer_pool_used_bytes", "Memory of NIO buffers.", "pool");
    private static final MetricFamily NETTY =
            MetricFamily.gauge(
                    "netty_direct_memory_used_bytes", "Direct memory of network buffers.");
    private static final MetricFamily GC =
            MetricFamily.summary(
                    "jvm_gc_collection_seconds", "Time spent in garbage collections.", "gc");
    private static final MetricFamily THREADS =
            MetricFamily.gauge("jvm_threads_current", "Live platform threads.");
    private static final MetricFamily THREADS_PEAK =
            MetricFamily.gauge("jvm_threads_peak", "Most live platform threads so far.");
    private static final MetricFamily LOG_SPACE =
            MetricFamily.gauge(
                    "weir_log_filesystem_available_bytes",
                    "Space left on the file system of the log directory.");

    private static final Path STATUS = Path.of("/proc/self/status");

    private static final double MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final String version;
    private final Path logDirectory;
    private final LongSupplier directMemory;

    /**
     * Figures of this process.
     *
     * @param version of Weir
     * @param logDirectory whose file system is watched
     * @param directMemory bytes of network buffers; negative when unknown
     */
    public ProcessMetrics(String version, Path logDirectory, LongSupplier directMemory) {
        this.version = version;
        this.logDirectory = logDirectory;
        this.directMemory = directMemory;
    }

    @Override
    public void collect(MetricSink sink) {
        sink.sample(CoreFamilies.BUILD_INFO, 1, version, Runtime.version().toString());
        process(sink);
        memory(sink);
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            sink.summary(
                    GC,
                    Math.max(0, gc.getCollectionCount()),
                    Math.max(0, gc.getCollectionTime()) / MILLIS,
                    Collections.emptySortedMap(),
                    gc.getName());
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        sink.sample(THREADS, threads.getThreadCount());
        sink.sample(THREADS_PEAK, threads.getPeakThreadCount());
        try {
            FileStore store = Files.getFileStore(logDirectory);
            sink.sample(LOG_SPACE, store.getUsableSpace());
        } catch (IOException e) {
            // The directory is not there; a missing sample says so.
        }
    }

    private static void process(MetricSink sink) {
        sink.sample(START, ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            sink.sample(CPU, os.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1));
            sink.sample(OPEN_FDS, os.getOpenFileDescriptorCount());
            sink.sample(MAX_FDS, os.getMaxFileDescriptorCount());
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .forEach(kib -> sink.sample(RESIDENT, Long.parseLong(kib) * 1024.0));
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            // Not Linux; a missing sample says so.
        }
    }

    private void memory(MetricSink sink) {
        area(sink, "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
        area(sink, "nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            sink.sample(BUFFERS_USED, pool.getMemoryUsed(), pool.getName());
        }
        long netty = directMemory.getAsLong();
        if (netty >= 0) {
            sink.sample(NETTY, netty);
        }
    }

    private static void area(MetricSink sink, String area, MemoryUsage usage) {
        sink.sample(MEMORY_USED, usage.getUsed(), area);
        sink.sample(MEMORY_COMMITTED, usage.getCommitted(), area);
        if (usage.getMax() >= 0) {
            sink.sample(MEMORY_MAX, usage.getMax(), area);
        }
    }
}
