package io.weir.control;

import org.jspecify.annotations.Nullable;

/**
 * How the configuration is to be read again.
 *
 * @param allowShrink whether it may take away listeners, or many virtual servers or nodes
 * @param onlyIfNew whether content that was already tried, with success or without, is left alone
 * @param expectedRevision the revision that the author believes to be in force; null for any
 */
public record ReloadRequest(
        boolean allowShrink, boolean onlyIfNew, @Nullable Long expectedRevision) {

    /** Reads again whatever is there, with the shrink guard on. */
    public static final ReloadRequest PLAIN = new ReloadRequest(false, false, null);

    /** Reads again only what was not tried yet, with the shrink guard on. */
    public static final ReloadRequest IF_NEW = new ReloadRequest(false, true, null);
}
