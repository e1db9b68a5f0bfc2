package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.bandwidth.BandwidthClass;
import io.weir.rule.RuleWishes;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;

/** What rules want of the two connections, for one direction. */
final class Wishing {

    private static final int MAX_DSCP = 63;

    private final CurrentRun run;
    private final boolean toNode;

    Wishing(CurrentRun run, boolean toNode) {
        this.run = run;
        this.toNode = toNode;
    }

    RuleWishes wishes() {
        return run.side().wishes();
    }

    String bandwidthClass() {
        return orEmpty(wishes().bandwidth(toNode));
    }

    int bandwidthClass(@Nullable String name) {
        String wanted = orEmpty(name);
        BandwidthClass found = wanted.isEmpty() ? null : run.world().bandwidth(wanted);
        if (found == null && !wanted.isEmpty()) {
            return 0;
        }
        wishes().bandwidth(toNode, found);
        return 1;
    }

    int dscp() {
        return wishes().traffic(toNode) >> 2;
    }

    void dscp(int value) {
        if (value < 0 || value > MAX_DSCP) {
            throw new RuleErrorException(value + " is no code point, expected 0 to " + MAX_DSCP);
        }
        wishes().traffic(toNode, value << 2);
    }

    String typeOfService() {
        return switch (wishes().traffic(toNode)) {
            case 0x10 -> "LOWDELAY";
            case 0x08 -> "THROUGHPUT";
            case 0x04 -> "RELIABILITY";
            default -> "NONE";
        };
    }

    void typeOfService(@Nullable String name) {
        wishes().traffic(
                        toNode,
                        switch (orEmpty(name).toUpperCase(Locale.ROOT)) {
                            case "LOWDELAY" -> 0x10;
                            case "THROUGHPUT" -> 0x08;
                            case "RELIABILITY" -> 0x04;
                            case "NONE" -> 0;
                            default ->
                                    throw new RuleErrorException(
                                            "'"
                                                    + name
                                                    + "' is no type of service, expected LOWDELAY,"
                                                    + " THROUGHPUT, RELIABILITY or NONE");
                        });
    }

    /** Seconds that a rule gives, in whole milliseconds; none below 0. */
    static Duration seconds(Any seconds) {
        double value = Numbers.number(seconds.value());
        return Duration.ofMillis((long) Math.clamp(value * 1000, 0, Integer.MAX_VALUE * 1000.0));
    }
}
