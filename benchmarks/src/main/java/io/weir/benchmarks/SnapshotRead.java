package io.weir.benchmarks;

import io.weir.config.AddressBlocks;
import io.weir.config.ListenAddress;
import io.weir.exchange.VirtualServer;
import io.weir.pool.PoolView;
import io.weir.wire.Gate;
import io.weir.wire.Listener;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What it costs an exchange that configuration and pool state are snapshots which may be replaced
 * at any time: the way from the listener to the settings in force and the view of the pool.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SnapshotRead {

    private static final long BETWEEN_RELOADS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Listener listener =
            new Listener(new ListenAddress("127.0.0.1", 0), new Gate(0, () -> {}));
    private final Gate gate = new Gate(0, () -> {});
    private @Nullable Installation installation;
    private @Nullable VirtualServer first;
    private @Nullable VirtualServer second;

    /** Puts the first snapshot in force. */
    @Setup
    public void start() {
        Installation made = new Installation("round-robin");
        installation = made;
        first = made.virtualServer();
        second = made.virtualServer();
        use(first);
    }

    /** Ends what the pool needed. */
    @TearDown
    public void stop() {
        Objects.requireNonNull(installation).close();
    }

    private void use(@Nullable VirtualServer server) {
        listener.use(Objects.requireNonNull(server), AddressBlocks.NONE, gate);
    }

    private void readAll(Blackhole hole) {
        VirtualServer server = listener.server();
        hole.consume(server.config().limits());
        hole.consume(server.path());
        PoolView view = server.pool().view();
        hole.consume(view.config());
        hole.consume(view.alive());
    }

    /** Nothing changes. */
    @Benchmark
    public void undisturbed(Blackhole hole) {
        readAll(hole);
    }

    /** The reading side while another thread replaces the snapshot a thousand times a second. */
    @Benchmark
    @Group("whileReplaced")
    public void read(Blackhole hole) {
        readAll(hole);
    }

    /** The replacing side; its figure is only the pause between two reloads. */
    @Benchmark
    @Group("whileReplaced")
    public void replace() {
        use(listener.server() == first ? second : first);
        LockSupport.parkNanos(BETWEEN_RELOADS);
    }
}
