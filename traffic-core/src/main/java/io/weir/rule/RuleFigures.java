package io.weir.rule;

import java.util.Map;

/**
 * What the functions of all rules together have come to since the start.
 *
 * @param counters what rules have counted, by the name that they gave it; a bounded number
 * @param dataEntries texts and numbers that rules keep with {@code data.set}
 * @param dataBytes that these take
 */
public record RuleFigures(Map<String, Long> counters, long dataEntries, long dataBytes) {

    /** There were no rules. */
    public static final RuleFigures NONE = new RuleFigures(Map.of(), 0, 0);

    public RuleFigures {
        counters = Map.copyOf(counters);
    }
}
