package io.weir.metrics;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A page of figures for a monitoring system, which can also be read one by one. Safe for every
 * thread but an event loop.
 */
public interface MetricsPage extends MetricSource {

    /**
     * The media type that {@link #write} produces for the same {@code accept}.
     *
     * @param accept value of the request's Accept field; null when there is none
     */
    String contentType(@Nullable String accept);

    /** Writes the present figures to {@code out}, which stays open. */
    void write(OutputStream out, @Nullable String accept) throws IOException;
}
