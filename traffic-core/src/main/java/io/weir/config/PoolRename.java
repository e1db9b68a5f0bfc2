package io.weir.config;

import java.util.List;

/**
 * A pool that got another name.
 *
 * @param from the name before
 * @param to the name since
 */
public record PoolRename(String from, String to) {

    /** What takes back {@code renames}, which were done in this order. */
    public static List<PoolRename> undoing(List<PoolRename> renames) {
        return renames.reversed().stream().map(r -> new PoolRename(r.to, r.from)).toList();
    }
}
