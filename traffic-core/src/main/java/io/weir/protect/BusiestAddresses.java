package io.weir.protect;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many connections the busiest addresses have together. It knows how many addresses have one
 * connection, two, three and so on, and no addresses; so it is exact and small. Safe for every
 * thread.
 */
final class BusiestAddresses {

    private static final int BUSIEST = 10;

    private final TreeMap<Integer, Integer> addresses = new TreeMap<>(Comparator.reverseOrder());

    /** An address had {@code before} connections and has {@code now}. */
    synchronized void moved(int before, int now) {
        move(before, now);
    }

    /**
     * An address has {@code now} connections, one more than before, unless that takes the busiest
     * ten beyond {@code most}.
     *
     * @param from connections that make an address busy
     * @return whether it is within the limit
     */
    synchronized boolean more(int now, int from, int most) {
        int before = sum(from);
        move(now - 1, now);
        int after = sum(from);
        if (after > most && after > before) {
            move(now, now - 1);
            return false;
        }
        return true;
    }

    private void move(int before, int now) {
        if (before > 0) {
            addresses.computeIfPresent(before, (k, n) -> n == 1 ? null : n - 1);
        }
        if (now > 0) {
            addresses.merge(now, 1, Integer::sum);
        }
    }

    /** Connections of the ten busiest among those that have at least {@code from}. */
    private int sum(int from) {
        int left = BUSIEST;
        int sum = 0;
        for (Map.Entry<Integer, Integer> each : addresses.entrySet()) {
            if (left == 0 || each.getKey() < from) {
                break;
            }
            int taken = Math.min(left, each.getValue());
            sum += taken * each.getKey();
            left -= taken;
        }
        return sum;
    }
}
