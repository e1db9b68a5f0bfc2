package io.weir.benchmarks;

import io.weir.event.BoundedEventBus;
import io.weir.log.AccessLog;
import io.weir.log.AccessLogs;
import io.weir.log.LogFormat;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The access log line of one exchange. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AccessLogLine {

    /** How the line is written. */
    @Param({"combined", "json"})
    public String format = "combined";

    private final FinishedExchange exchange = new FinishedExchange(Requests.BROWSER);
    private @Nullable LogFormat compiled;
    private @Nullable BoundedEventBus events;
    private @Nullable AccessLogs logs;
    private @Nullable AccessLog log;

    /** Opens a log in the device that swallows everything. */
    @Setup
    public void open() {
        Ticker ticker = Ticker.system();
        BoundedEventBus bus = BoundedEventBus.start(ticker);
        AccessLogs opened = new AccessLogs(Path.of("/dev"), ticker, bus);
        compiled = LogFormat.compile(format);
        events = bus;
        logs = opened;
        log = opened.open("web", "null", format);
    }

    /** Ends the writing thread; a line that is dropped costs less than one that is queued. */
    @TearDown
    public void close() throws InterruptedException {
        if (!Objects.requireNonNull(logs).stop(Duration.ofSeconds(5))) {
            System.err.println("the writing thread did not keep up: some lines were dropped");
        }
        Objects.requireNonNull(events).close();
    }

    /** Makes the line, with a new buffer and as a text, which the log itself does not need. */
    @Benchmark
    public String asText() {
        exchange.oneMore();
        return Objects.requireNonNull(compiled).line(exchange);
    }

    /** What it costs an event loop: the line is made and put into the queue. */
    @Benchmark
    public void logged() {
        exchange.oneMore();
        Objects.requireNonNull(log).log(exchange);
    }
}
