package io.weir.slm;

/**
 * How answers of some time did.
 *
 * @param total answers, those included that the client did not wait for
 * @param conforming those of them that began in time
 * @param sumNanos of all times to the beginning of an answer
 * @param minNanos the shortest of them; 0 without answers
 * @param maxNanos the longest of them
 */
public record Conformance(
        long total, long conforming, long sumNanos, long minNanos, long maxNanos) {

    /** No answers at all. */
    public static final Conformance NOTHING = new Conformance(0, 0, 0, 0, 0);

    /** The share of conforming answers in per cent; 100 without answers. */
    public double percent() {
        return total == 0 ? 100 : 100.0 * conforming / total;
    }

    /** The mean time to the beginning of an answer; 0 without answers. */
    public long meanNanos() {
        return total == 0 ? 0 : sumNanos / total;
    }

    /** Both together. */
    Conformance plus(Conformance other) {
        if (total == 0) {
            return other;
        }
        if (other.total == 0) {
            return this;
        }
        return new Conformance(
                total + other.total,
                conforming + other.conforming,
                sumNanos + other.sumNanos,
                Math.min(minNanos, other.minNanos),
                Math.max(maxNanos, other.maxNanos));
    }
}
