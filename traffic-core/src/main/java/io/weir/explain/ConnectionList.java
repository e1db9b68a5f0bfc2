package io.weir.explain;

import java.util.List;

/**
 * Connections at about one moment: each event loop was asked once.
 *
 * @param total how many fit the query, those beyond its maximum included
 */
public record ConnectionList(List<ConnectionView> connections, long total) {

    public ConnectionList {
        connections = List.copyOf(connections);
    }
}
