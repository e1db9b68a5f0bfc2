package io.weir.balance;

/** Which response times count as equal: small differences are chance. */
final class ResponseBand {

    private ResponseBand() {}

    /** The shortest expected time among the nodes that may be chosen; 0 when none is known. */
    static long shortest(Candidates open, long now) {
        long shortest = 0;
        for (int i = 0; i < open.size(); i++) {
            if (open.excluded(i)) {
                continue;
            }
            long expected = open.node(i).expectedNanos(now);
            if (expected > 0 && (shortest == 0 || expected < shortest)) {
                shortest = expected;
            }
        }
        return shortest;
    }

    /** Whether {@code expected} is at most a quarter longer than {@code shortest}. */
    static boolean holds(long shortest, long expected) {
        return expected <= shortest + (shortest >> 2);
    }
}
