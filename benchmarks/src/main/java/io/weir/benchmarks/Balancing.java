package io.weir.benchmarks;

import io.weir.config.PoolConfig;
import io.weir.pool.Choice;
import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Selection;

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

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What a pool of ten nodes does for one exchange: the choice, the note that the answer began, and
 * the end. Ask for two threads ({@code -t 2}) to see what event loops cost each other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Balancing {

    /** How nodes are chosen. */
    @Param({
        "round-robin",
        "weighted-round-robin",
        "least-connections",
        "weighted-least-connections",
        "fastest-response-time",
        "random",
        "perceptive",
        "power-of-two-choices",
        "consistent-hash"
    })
    public String algorithm = "round-robin";

    private @Nullable Installation installation;

    /** Makes the pool. */
    @Setup
    public void start() {
        installation = new Installation(algorithm);
    }

    /** Ends what the pool needed. */
    @TearDown
    public void stop() {
        Objects.requireNonNull(installation).close();
    }

    /** A request without history; each has another hash. */
    @State(Scope.Thread)
    public static class Request implements Selection {
        private long hash;

        @Override
        public long hash(PoolConfig.HashKey key) {
            hash += 0x9e3779b97f4a7c15L;
            return hash;
        }

        @Override
        public boolean tried(PoolNode node) {
            return false;
        }

        @Override
        public int timedOutAttempts() {
            return 0;
        }

        @Override
        public int attempts() {
            return 0;
        }

        @Override
        public @Nullable PoolNode pinned() {
            return null;
        }

        @Override
        public Executor loop() {
            return Runnable::run;
        }
    }

    /** One exchange, from the choice of its node to its end. */
    @Benchmark
    public PoolNode chooseAndClose(Request request) {
        Pool pool = Objects.requireNonNull(installation).pool();
        Choice choice = pool.choose(request, late -> {});
        if (!(choice instanceof Lease lease)) {
            throw new AssertionError(choice);
        }
        lease.replied(200, 1_000_000);
        lease.close();
        return lease.node();
    }
}
