package io.weir.exchange;

import io.weir.config.Protocol;

import java.util.List;

/**
 * The ordered list of everything that happens to a stream, the short way beside {@link
 * ExchangePath}. Immutable, one per virtual server. Behind the list bytes go both ways until both
 * sides have ended theirs; the {@link Account} hears of the end, whatever happened.
 */
final class StreamPath {

    private final List<StreamStep> steps;
    private final int chooseNode;

    private StreamPath(List<StreamStep> steps) {
        this.steps = steps;
        this.chooseNode = steps.size() - 2;
    }

    static StreamPath of(VirtualServer server) {
        Protocol.Kind kind = server.config().protocol().kind();
        StreamStep choose = x -> x.search().choose(); // persistence first, then the balancer
        StreamStep connect = StreamPath::connect; // what the client has sent goes first
        return new StreamPath(
                switch (kind) {
                    case CLIENT_FIRST ->
                            List.of(
                                    StreamPath::awaitFirstBytes,
                                    // request rules come here and may wait for more bytes
                                    choose,
                                    connect);
                    case TLS_PASSTHROUGH ->
                            List.of(
                                    new RouteByHello(server),
                                    // request rules come here
                                    choose,
                                    connect);
                    case SERVER_FIRST, STREAM, HTTP, DATAGRAM ->
                            List.of(
                                    // request rules come here and see nothing of the client yet
                                    choose,
                                    // response rules will see the node's first bytes before the
                                    // client does, in the client-first kinds too
                                    connect);
                });
    }

    StreamStep step(int position) {
        return steps.get(position);
    }

    /** Where another attempt goes on. */
    int chooseNode() {
        return chooseNode;
    }

    private static Next awaitFirstBytes(StreamExchange x) {
        return x.held() == null ? x.awaitBytes() : Next.CONTINUE;
    }

    private static Next connect(StreamExchange x) {
        x.connect();
        return Next.WAIT;
    }
}
