package io.weir.launcher.command;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.control.Control;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.launcher.process.Parts;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricsPage;
import io.weir.runtime.DataPlane;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.OutputStream;
import java.util.Objects;

/** Parts without traffic. */
final class RecordingParts implements Parts, MetricsPage {

    final RecordingEvents events = new RecordingEvents();
    @Nullable RecordingPlane plane;

    RecordingPlane plane() {
        return Objects.requireNonNull(plane);
    }

    @Override
    public RecordingEvents events() {
        return events;
    }

    @Override
    public Ticker ticker() {
        return Ticker.system();
    }

    @Override
    public MetricsPage metrics() {
        return this;
    }

    @Override
    public void collect(MetricSink sink) {}

    @Override
    public DataPlane start(WeirConfig config, Overlay overlay) {
        RecordingPlane made = new RecordingPlane(config, overlay);
        plane = made;
        return made;
    }

    @Override
    public void complete(Control control) {}

    @Override
    public void close() {}

    @Override
    public String contentType(@Nullable String accept) {
        return "text/plain";
    }

    @Override
    public void write(OutputStream out, @Nullable String accept) {}
}
