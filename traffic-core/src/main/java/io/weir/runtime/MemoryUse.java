package io.weir.runtime;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;

import io.weir.admit.Budgets;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * The memory of this process. What counts of the heap is what was left after a collection: before
 * it a good part is garbage, and says nothing. Safe for every thread.
 */
final class MemoryUse implements Budgets.Usage {

    private final List<GarbageCollectorMXBean> collectors =
            ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
    private final List<String> heapPools =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .map(MemoryPoolMXBean::getName)
                    .toList();
    private final DoubleSupplier buffers;

    private volatile Found found = new Found(0, 0, false);

    /**
     * What was found last, which costs much more than to see whether it can have changed.
     *
     * @param collections how many there had been
     * @param sure whether they were as many at the look before it: their number may be ahead of
     *     what is told of the last one
     */
    private record Found(long collections, double heap, boolean sure) {}

    /**
     * @param buffers share of the memory for buffers that is in use
     */
    MemoryUse(DoubleSupplier buffers) {
        this.buffers = buffers;
    }

    @Override
    public double heap() {
        long collections = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            collections += collector.getCollectionCount();
        }
        Found last = found;
        boolean same = collections == last.collections();
        if (!same || !last.sure()) {
            last = new Found(collections, heapAfterLast(), same);
            found = last;
        }
        return last.heap();
    }

    private double heapAfterLast() {
        GcInfo last = null;
        for (GarbageCollectorMXBean collector : collectors) {
            GcInfo info = collector.getLastGcInfo();
            if (info != null && (last == null || info.getEndTime() > last.getEndTime())) {
                last = info;
            }
        }
        if (last == null) {
            return 0;
        }
        long used = 0;
        for (Map.Entry<String, MemoryUsage> pool : last.getMemoryUsageAfterGc().entrySet()) {
            used += heapPools.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
        }
        return (double) used / Runtime.getRuntime().maxMemory();
    }

    @Override
    public long heapAge() {
        long end = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            GcInfo info = collector.getLastGcInfo();
            end = info == null ? end : Math.max(end, info.getEndTime());
        }
        long uptime = ManagementFactory.getRuntimeMXBean().getUptime();
        return TimeUnit.MILLISECONDS.toNanos(uptime - end);
    }

    @Override
    public double buffers() {
        return buffers.getAsDouble();
    }

    @Override
    public void collect() {
        System.gc();
    }
}
