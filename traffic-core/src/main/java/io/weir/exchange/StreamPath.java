package io.weir.exchange;

import io.weir.config.Protocol;
import io.weir.rate.RateClass;

import java.util.ArrayList;
import java.util.List;

/**
 * The ordered list of everything that happens to a stream, the short way beside {@link
 * ExchangePath}. Immutable, one per virtual server. Behind the list bytes go both ways until both
 * sides have ended theirs, past response rules (see {@link StreamRules}); the {@link Account} hears
 * of the end, whatever happened.
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
        List<StreamStep> steps = new ArrayList<>();
        switch (kind) {
            case CLIENT_FIRST -> steps.add(StreamPath::awaitFirstBytes);
            case TLS_PASSTHROUGH -> steps.add(new RouteByHello(server));
            case SERVER_FIRST, STREAM, HTTP, DATAGRAM -> {}
        }
        if (!server.rules().request().isEmpty()) {
            steps.add(x -> x.rules().before()); // may wait for more bytes, or for other things
        }
        RateClass rate = server.classes().rate();
        if (rate != null) {
            steps.add(new ShapeRate(rate, server.classes().rateContext())::run); // may wait
        }
        steps.add(x -> x.search().choose()); // persistence first, then the balancer
        steps.add(StreamPath::connect); // what the client has sent goes first
        return new StreamPath(List.copyOf(steps));
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
