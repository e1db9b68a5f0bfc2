package io.weir.wire.h2;

/**
 * What we tell a peer about ourselves.
 *
 * @param streamWindow bytes of body that a peer may send ahead on one stream
 * @param connectionWindow the same for all streams together
 * @param maxFrame largest payload of a frame
 * @param tableSize bytes of the peer's compression table
 * @param maxHeaderList bytes of a field list, 32 added for each field
 * @param maxResets streams given up within ten seconds
 * @param maxUseless frames that move nothing within ten seconds
 */
record H2Settings(
        int streamWindow,
        int connectionWindow,
        int maxFrame,
        int tableSize,
        int maxHeaderList,
        int maxResets,
        int maxUseless) {}
