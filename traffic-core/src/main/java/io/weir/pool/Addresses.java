package io.weir.pool;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The socket addresses of one node, taken in turn. Those of the first address's family are
 * preferred; the others serve when none of these can be connected to. Safe for every thread.
 */
final class Addresses {

    static final Addresses NONE = new Addresses(List.of());

    private final InetSocketAddress[] list;
    private final int preferred;
    private final AtomicInteger turn = new AtomicInteger();

    /** Until when an address is passed over, as reading of the ticker; 0 when it is not. */
    private final AtomicLongArray shunnedUntil;

    Addresses(List<InetSocketAddress> addresses) {
        list = addresses.toArray(InetSocketAddress[]::new);
        shunnedUntil = new AtomicLongArray(list.length);
        int same = 0;
        while (same < list.length
                && list[same].getAddress().getClass() == list[0].getAddress().getClass()) {
            same++;
        }
        preferred = same;
    }

    boolean isEmpty() {
        return list.length == 0;
    }

    boolean contains(InetSocketAddress address) {
        for (InetSocketAddress own : list) {
            if (own.equals(address)) {
                return true;
            }
        }
        return false;
    }

    List<InetSocketAddress> list() {
        return List.of(list);
    }

    /** The next address to connect to; null when there is none. */
    @Nullable InetSocketAddress next(long now) {
        if (list.length <= 1) {
            return list.length == 0 ? null : list[0];
        }
        for (int left = preferred; left > 0; left--) {
            int at = Integer.remainderUnsigned(turn.getAndIncrement(), preferred);
            if (open(at, now)) {
                return list[at];
            }
        }
        for (int at = preferred; at < list.length; at++) {
            if (open(at, now)) {
                return list[at];
            }
        }
        return list[Integer.remainderUnsigned(turn.getAndIncrement(), list.length)];
    }

    /** Passes {@code address} over until {@code until} as long as there is another. */
    void shun(InetSocketAddress address, long until) {
        for (int at = 0; at < list.length; at++) {
            if (list[at].equals(address)) {
                shunnedUntil.set(at, until == 0 ? 1 : until);
            }
        }
    }

    /** An address that is not passed over, other than {@code address}; null when there is none. */
    @Nullable InetSocketAddress otherThan(InetSocketAddress address, long now) {
        for (int at = 0; at < list.length; at++) {
            if (!list[at].equals(address) && open(at, now)) {
                return list[at];
            }
        }
        return null;
    }

    private boolean open(int at, long now) {
        long until = shunnedUntil.get(at);
        return until == 0 || now - until >= 0;
    }
}
