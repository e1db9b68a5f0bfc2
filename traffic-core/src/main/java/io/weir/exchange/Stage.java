package io.weir.exchange;

import io.weir.explain.ConnectionState;

/** Says what an exchange that is under way waits for. To be called on its event loop. */
public final class Stage {

    private Stage() {}

    /** What {@code x} waits for. */
    public static ConnectionState of(Exchange x) {
        if (x.record().waitsInRule() != null) {
            return ConnectionState.EXECUTING_RULE;
        }
        NodeSide node = x.attempts().side();
        if (x.record().status() != 0) {
            return node == null || !x.client().writable()
                    ? ConnectionState.WRITING_TO_CLIENT
                    : ConnectionState.READING_FROM_NODE;
        }
        if (node == null) {
            return ConnectionState.CONNECTING_TO_NODE;
        }
        if (x.requestComplete()) {
            return ConnectionState.READING_FROM_NODE;
        }
        return node.writable()
                ? ConnectionState.READING_FROM_CLIENT
                : ConnectionState.WRITING_TO_NODE;
    }

    /** What a stream, or a session of datagrams, waits for. */
    public static ConnectionState of(StreamLogRecord.Shown x) {
        if (x.record().waitsInRule() != null) {
            return ConnectionState.EXECUTING_RULE;
        }
        return switch (x) {
            case StreamExchange stream -> ofStream(stream);
            case DatagramExchange session -> session.stage();
            default -> ConnectionState.READING_FROM_CLIENT;
        };
    }

    /** Both directions are open most of the time. */
    private static ConnectionState ofStream(StreamExchange x) {
        StreamEnd node = x.node();
        if (node == null) {
            return x.waitsForClient()
                    ? ConnectionState.READING_FROM_CLIENT
                    : ConnectionState.CONNECTING_TO_NODE;
        }
        if (!x.client().writable()) {
            return ConnectionState.WRITING_TO_CLIENT;
        }
        if (!node.writable()) {
            return ConnectionState.WRITING_TO_NODE;
        }
        return x.record().replyNanos() == 0
                ? ConnectionState.READING_FROM_NODE
                : ConnectionState.READING_FROM_CLIENT;
    }
}
