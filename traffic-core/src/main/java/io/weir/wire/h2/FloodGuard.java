package io.weir.wire.h2;

import java.util.concurrent.TimeUnit;

/**
 * Notices a peer that makes work out of nothing: streams begun and given up, and frames that move
 * nothing. Two allowances, which time refills. What is really moved pays besides for frames that
 * come because of it, such as room given again. Confined to one event loop.
 */
final class FloodGuard {

    /** In how long an allowance is full again. */
    private static final long REFILL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * The most frames that are paid for ahead. A peer may give back the room of megabytes on their
     * way in pieces of a kilobyte, and only after the last of them was sent.
     */
    private static final int MOST_PAID = 1 << 16;

    private final Allowance resets;
    private final Allowance frames;
    private int paid;

    /**
     * @param resets streams that may be given up within ten seconds
     * @param frames useless frames within ten seconds
     */
    FloodGuard(int resets, int frames, long now) {
        this.resets = new Allowance(resets, now);
        this.frames = new Allowance(frames, now);
    }

    /**
     * A stream was given up before its answer had begun, by either side (CVE-2023-44487 and kin).
     */
    void reset(long now) throws ConnectionError {
        if (!resets.take(1, now)) {
            throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "too many streams given up");
        }
    }

    /** A frame of {@code kind} came that moves nothing by itself. */
    void useless(int cost, String kind, long now) throws ConnectionError {
        int due = Math.max(0, cost - paid);
        paid -= cost - due;
        if (due > 0 && !frames.take(due, now)) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM, "too many frames that do nothing, last " + kind);
        }
    }

    /** Something was moved that pays for {@code frames} control frames. */
    void work(int frames) {
        paid = Math.min(MOST_PAID, paid + frames);
    }

    private static final class Allowance {
        private final long most;
        private final long nanosEach;
        private long left;
        private long filled;

        Allowance(int most, long now) {
            this.most = most;
            this.nanosEach = Math.max(1, REFILL_NANOS / Math.max(1, most));
            this.left = most;
            this.filled = now;
        }

        boolean take(int cost, long now) {
            left -= cost;
            if (left >= 0) {
                return true;
            }
            long grown = (now - filled) / nanosEach;
            filled = now;
            left = Math.min(most, left + grown);
            return left >= 0;
        }
    }
}
