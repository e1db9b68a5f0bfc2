package io.weir.monitor;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

/**
 * Who is told what monitors found. Called on the timer thread of {@link Monitors}, one call at a
 * time and in the order in which things happened; it must not block.
 */
public interface MonitorSink {

    /**
     * Tells that a monitor has come to another verdict, or to its first.
     *
     * @param node the node the verdict is about; null for the whole pool
     * @param cause what was found and what was expected; null when {@code ok}
     */
    void result(
            String pool,
            @Nullable NodeAddress node,
            String monitor,
            boolean ok,
            @Nullable String cause);

    /**
     * Tells that the last verdict of a monitor about a node holds no longer, because nobody looks
     * any more for this pool.
     *
     * @param node whom the verdict was about; null for the whole pool
     */
    void retracted(String pool, @Nullable NodeAddress node, String monitor);
}
