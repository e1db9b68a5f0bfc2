package io.weir.monitor;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for a condition with a deadline. */
final class Await {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(2))
                .until(condition::getAsBoolean);
    }
}
