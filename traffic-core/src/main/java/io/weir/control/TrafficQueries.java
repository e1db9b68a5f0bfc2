package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.ConnectionState;
import io.weir.explain.KeptExchange.Reason;
import io.weir.explain.KeptQuery;
import io.weir.explain.RequestQuestion;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/** Makes queries out of the words of command line and REST. Stateless. */
public final class TrafficQueries {

    /** Digits and colons only: no name service is asked. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+(%[0-9A-Za-z._-]+)?");

    private TrafficQueries() {}

    /**
     * A query for kept exchanges; null for any.
     *
     * @param kept error, slow or sampled
     * @throws RefusedException when a word is not allowed
     */
    public static KeptQuery kept(
            @Nullable String virtualServer,
            @Nullable String node,
            @Nullable String kept,
            int minStatus,
            int max,
            @Nullable String before)
            throws RefusedException {
        Reason reason = kept == null ? null : Reason.of(kept);
        if (kept != null && reason == null) {
            throw invalid("reason", kept, "error, slow or sampled");
        }
        NodeAddress address = node(node);
        return new KeptQuery(
                virtualServer,
                address == null ? null : address.toString(),
                reason,
                minStatus,
                before,
                max);
    }

    /**
     * A query for connections; null for any.
     *
     * @param state a letter
     * @param ended whether exchanges that have just ended are wanted, too
     * @throws RefusedException when a word is not allowed
     */
    public static ConnectionQuery connections(
            @Nullable String virtualServer,
            @Nullable String node,
            @Nullable String client,
            @Nullable String state,
            int max,
            boolean ended)
            throws RefusedException {
        ConnectionState wanted = state == null ? null : ConnectionState.of(state);
        if (state != null && wanted == null) {
            throw invalid("state", state, "one of the letters R, X, c, w, r, W, C, K and E");
        }
        return new ConnectionQuery(virtualServer, node(node), client(client), wanted, max, ended);
    }

    /**
     * A question about a request.
     *
     * @param request such as {@code GET http://a.example/path}
     * @param headers lines such as {@code Accept: text/html}
     * @param client null for one that no list names
     * @param virtualServer null for the one at the port
     * @throws RefusedException when a word is not allowed
     */
    public static RequestQuestion question(
            String request,
            List<String> headers,
            @Nullable String client,
            @Nullable String virtualServer)
            throws RefusedException {
        try {
            return RequestQuestion.of(request, headers, client(client), virtualServer);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "question",
                            "none",
                            "a request such as GET http://a.example/path: " + e.getMessage()));
        }
    }

    private static @Nullable NodeAddress node(@Nullable String text) throws RefusedException {
        NodeAddress node = text == null ? null : NodeAddresses.parse(text);
        if (text != null && node == null) {
            throw invalid("node", text, "host:port, as in 10.0.0.1:80 or [::1]:80");
        }
        return node;
    }

    private static @Nullable InetAddress client(@Nullable String text) throws RefusedException {
        if (text == null) {
            return null;
        }
        try {
            if (ADDRESS.matcher(text).matches()) {
                return InetAddress.ofLiteral(text);
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw invalid("client", text, "an IP address");
    }

    private static RefusedException invalid(String thing, String found, String expected) {
        return new RefusedException(new ControlProblem.Invalid(thing, "'" + found + "'", expected));
    }
}
