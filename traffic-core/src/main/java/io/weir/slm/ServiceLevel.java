package io.weir.slm;

import io.weir.config.ServiceLevelConfig;
import io.weir.pool.PoolNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A live service level class: counts, for itself and for each node, whether answers begin in time.
 * Its identity is the name, so it outlives configurations. Event loops count, each in cells of its
 * own; every thread may read.
 */
public final class ServiceLevel {

    private volatile ServiceLevelConfig config;
    private final LevelWatch watch = new LevelWatch(this);
    private volatile Grade grade = Grade.FINE;
    private final long origin;
    private final Window[] loops;
    private final List<Map<PoolNode, Window>> nodes = new ArrayList<>();

    /** How a class does, with the hysteresis of its thresholds. */
    public enum Grade {
        FINE,
        /** Below the warning threshold, and not recovered. */
        WARNING,
        /** Below the serious threshold, and not recovered. */
        SERIOUS
    }

    /** How one node did. */
    public record OfNode(PoolNode node, Conformance lately, long total, long conforming) {}

    ServiceLevel(ServiceLevelConfig config, int eventLoops, long origin) {
        this.config = config;
        this.origin = origin;
        loops = new Window[eventLoops];
        for (int i = 0; i < eventLoops; i++) {
            loops[i] = new Window();
            nodes.add(new ConcurrentHashMap<>());
        }
    }

    public String name() {
        return config.name();
    }

    /** The settings in force. */
    public ServiceLevelConfig config() {
        return config;
    }

    void config(ServiceLevelConfig next) {
        config = next;
    }

    // ---- on the event loops

    /** A request of the class is under way; {@link #left} follows. */
    public void entered(int loop) {
        loops[loop].entered();
    }

    /** The request is over, or belongs to another class now. */
    public void left(int loop) {
        loops[loop].left();
    }

    /**
     * An answer begins.
     *
     * @param now as reading of the ticker
     * @param took nanoseconds since the request had come
     * @param node whose answer it is, or who was asked last; null for none
     */
    public void answered(int loop, long now, long took, @Nullable PoolNode node) {
        count(loop, now, took, took <= config.responseTime().toNanos(), node);
    }

    /** The client has gone without an answer; counts only if that would have been late. */
    public void abandoned(int loop, long now, long took, @Nullable PoolNode node) {
        if (took > config.responseTime().toNanos()) {
            count(loop, now, took, false, node);
        }
    }

    private void count(int loop, long now, long took, boolean conforming, @Nullable PoolNode node) {
        long second = second(now);
        loops[loop].count(second, took, conforming);
        if (node != null) {
            Map<PoolNode, Window> windows = nodes.get(loop);
            Window window = windows.get(node);
            if (window == null) {
                window = new Window();
                windows.put(node, window);
            }
            window.count(second, took, conforming);
        }
    }

    // ---- on any thread

    LevelWatch watch() {
        return watch;
    }

    /** The answers of the last ten seconds, the present one included as far as it has come. */
    public Conformance lately(long now) {
        long second = second(now);
        return sum(List.of(loops), second - Window.SECONDS + 1, second);
    }

    /** The answers of the last whole second. */
    public Conformance lastSecond(long now) {
        long second = second(now) - 1;
        return sum(List.of(loops), second, second);
    }

    /** Requests under way. */
    public long current() {
        long sum = 0;
        for (Window loop : loops) {
            sum += loop.current();
        }
        return sum;
    }

    /** Answers since the start. */
    public long total() {
        return total(List.of(loops));
    }

    /** Answers since the start that began in time. */
    public long conforming() {
        return conforming(List.of(loops));
    }

    /** How it does. */
    public Grade grade() {
        return grade;
    }

    void grade(Grade next) {
        grade = next;
    }

    /** The nodes that have answered, or were to. */
    public List<OfNode> byNode(long now) {
        Map<PoolNode, List<Window>> merged = new LinkedHashMap<>();
        for (Map<PoolNode, Window> loop : nodes) {
            loop.forEach(
                    (node, window) ->
                            merged.computeIfAbsent(node, n -> new ArrayList<>()).add(window));
        }
        long second = second(now);
        List<OfNode> list = new ArrayList<>();
        merged.forEach(
                (node, windows) ->
                        list.add(
                                new OfNode(
                                        node,
                                        sum(windows, second - Window.SECONDS + 1, second),
                                        total(windows),
                                        conforming(windows))));
        return list;
    }

    /** Forgets what was counted of other nodes than these. */
    void retainNodes(Collection<PoolNode> live) {
        nodes.forEach(loop -> loop.keySet().retainAll(live));
    }

    private long second(long now) {
        return Window.second(now - origin);
    }

    private static Conformance sum(List<Window> windows, long first, long last) {
        Conformance sum = Conformance.NOTHING;
        for (Window window : windows) {
            sum = sum.plus(window.between(first, last));
        }
        return sum;
    }

    private static long total(List<Window> windows) {
        return windows.stream().mapToLong(Window::total).sum();
    }

    private static long conforming(List<Window> windows) {
        return windows.stream().mapToLong(Window::conforming).sum();
    }
}
