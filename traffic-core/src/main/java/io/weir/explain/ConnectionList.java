package io.weir.explain;

import java.util.List;

/**
 * Connections at about one moment: each event loop was asked once.
 *
 * @param total how many fit the query, those beyond its maximum included
 * @param ended how many of them have ended
 */
public record ConnectionList(List<ConnectionView> connections, long total, long ended) {

    public ConnectionList {
        connections = List.copyOf(connections);
    }
}
