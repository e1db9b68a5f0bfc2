package io.weir.explain;

import io.weir.explain.KeptExchange.Reason;

import org.jspecify.annotations.Nullable;

/**
 * Which kept exchanges somebody wants to see; null and 0 for any.
 *
 * @param node {@code host:port} of any node that was tried
 * @param minStatus the lowest status; an exchange without a status counts as the highest
 * @param before id of the exchange that the list goes on behind, newest first
 * @param max how many at most
 */
public record KeptQuery(
        @Nullable String virtualServer,
        @Nullable String node,
        @Nullable Reason kept,
        int minStatus,
        @Nullable String before,
        int max) {

    /** Every exchange. */
    public static KeptQuery all(int max) {
        return new KeptQuery(null, null, null, 0, null, max);
    }

    boolean fits(KeptExchange x) {
        return (virtualServer == null || virtualServer.equals(x.virtualServer()))
                && (kept == null || kept == x.kept())
                && (minStatus == 0 || x.status() == 0 || x.status() >= minStatus)
                && (node == null || tried(x, node));
    }

    private static boolean tried(KeptExchange x, String wanted) {
        return wanted.equals(x.node())
                || x.tries().stream().anyMatch(each -> each.node().equals(wanted));
    }
}
