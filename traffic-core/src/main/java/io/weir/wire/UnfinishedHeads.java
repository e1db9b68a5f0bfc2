package io.weir.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The clients of one event loop that have sent a part of a request head, or of a frame of HTTP/2,
 * and what these parts hold. When that is more than they may have together, whoever has sent
 * nothing for the longest gives way: a head that is on its way is soon whole, one that is not only
 * costs memory. Confined to one event loop.
 */
final class UnfinishedHeads {

    private final LinkedHashMap<Owner, Integer> waiting = new LinkedHashMap<>();
    private final long most;
    private long bytes;

    /** Who waits for the rest of a head; equal to itself only. */
    interface Owner {

        /** The rest is not waited for any more. */
        void giveWay();
    }

    /**
     * @param most bytes that all parts together may hold; a single one may hold more
     */
    UnfinishedHeads(long most) {
        this.most = most;
    }

    /** More has come for {@code owner}, whose part holds {@code held} bytes now. */
    void came(Owner owner, int held) {
        forget(owner);
        waiting.put(owner, held);
        bytes += held;
        while (bytes > most && waiting.size() > 1) {
            Map.Entry<Owner, Integer> stillest = waiting.pollFirstEntry();
            bytes -= stillest.getValue();
            stillest.getKey().giveWay();
        }
    }

    /** What {@code owner} waited for has come, or does not matter any more. */
    void forget(Owner owner) {
        Integer held = waiting.remove(owner);
        bytes -= held == null ? 0 : held;
    }
}
