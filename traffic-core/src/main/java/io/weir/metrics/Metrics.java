package io.weir.metrics;

import com.codahale.metrics.MetricRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All figures of the process, and the page that shows them to Prometheus. Safe for every thread;
 * {@link #write} is not for event loops.
 *
 * <p>Counts of virtual servers stand in a Dropwizard registry, where other reporters find them too.
 * What others know already, such as the state of pools, is read from a {@link MetricSource} when
 * the page is written.
 */
public final class Metrics implements MetricsPage {

    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    private final MetricRegistry registry = new MetricRegistry();
    private final int loops;
    private final Map<String, VirtualServerMetrics> virtualServers = new ConcurrentHashMap<>();
    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();

    /**
     * Metrics without any object yet.
     *
     * @param loops number of event loops, which number themselves from 0
     */
    public Metrics(int loops) {
        this.loops = loops;
        sources.add(new RegistrySource(registry));
    }

    /** The registry, for metrics of other parts of the process; all of it is on the page. */
    public MetricRegistry registry() {
        return registry;
    }

    /** The figures of the virtual server {@code name}, made at the first call. */
    public VirtualServerMetrics virtualServer(String name) {
        return virtualServers.computeIfAbsent(
                name, n -> new VirtualServerMetrics(n, loops, registry));
    }

    /** Forgets every virtual server whose name is not in {@code names}. */
    public void retainVirtualServers(Set<String> names) {
        for (String name : virtualServers.keySet()) {
            if (!names.contains(name)) {
                virtualServers.computeIfPresent(
                        name,
                        (n, metrics) -> {
                            metrics.remove();
                            return null;
                        });
            }
        }
    }

    /** Adds figures that are read whenever the page is written. */
    public void addSource(MetricSource source) {
        sources.add(source);
    }

    @Override
    public String contentType(@Nullable String accept) {
        return PrometheusFormat.accepted(accept).contentType();
    }

    @Override
    public void write(OutputStream out, @Nullable String accept) throws IOException {
        PrometheusText text = new PrometheusText(PrometheusFormat.accepted(accept));
        collect(text);
        text.writeTo(out);
    }

    @Override
    public void collect(MetricSink sink) {
        for (MetricSource source : sources) {
            try {
                source.collect(sink);
            } catch (RuntimeException e) {
                // Better a page without these figures than none.
                LOG.warn("figures of {} cannot be read", source, e);
            }
        }
    }
}
