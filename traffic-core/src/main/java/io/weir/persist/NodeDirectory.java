package io.weir.persist;

import io.weir.config.NodeAddress;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The nodes of one pool as sessions name them: by address, by the name that a rule or a node gives,
 * and by the token in Weir's cookie. Immutable; made anew when the pool's nodes change.
 */
final class NodeDirectory {

    /** Octets of a mark that make a token: beyond guessing, and 32 characters in a cookie. */
    private static final int TOKEN_OCTETS = 24;

    /** Leading characters of a token that say which node it may be; the rest proves it. */
    private static final int SELECTOR = 8;

    private final List<PoolNode> nodes;
    private final Map<NodeAddress, PoolNode> byAddress = new HashMap<>();
    private final Map<String, PoolNode> byName = new HashMap<>();
    private final Map<NodeAddress, String> tokens = new HashMap<>();
    private final Map<String, PoolNode> bySelector = new HashMap<>();

    private NodeDirectory(
            List<PoolNode> nodes,
            @Nullable NodeDirectory before,
            @Nullable Function<NodeAddress, byte[]> marks) {
        this.nodes = nodes;
        for (PoolNode node : nodes) {
            NodeAddress address = node.address();
            byAddress.put(address, node);
            byName.put(address.toString().toLowerCase(Locale.ROOT), node);
            byName.putIfAbsent(address.host().toLowerCase(Locale.ROOT), node);
            if (marks != null) {
                String known = before == null ? null : before.tokens.get(address);
                String token = known != null ? known : token(marks.apply(address));
                tokens.put(address, token);
                bySelector.put(token.substring(0, SELECTOR), node);
            }
        }
    }

    /**
     * The directory of {@code view}.
     *
     * @param before an earlier directory of the same pool, from which is taken what still holds
     * @param marks makes a secret mark of an address; null when no tokens are needed
     */
    static NodeDirectory of(
            PoolView view,
            @Nullable NodeDirectory before,
            @Nullable Function<NodeAddress, byte[]> marks) {
        List<PoolNode> nodes = new ArrayList<>();
        for (PoolView.Entry entry : view.entries()) {
            if (!entry.leaving()) {
                nodes.add(entry.node());
            }
        }
        return before != null && before.nodes.equals(nodes)
                ? before
                : new NodeDirectory(nodes, before, marks);
    }

    @Nullable PoolNode byAddress(NodeAddress address) {
        return byAddress.get(address);
    }

    /**
     * The node called {@code host:port}; when there is none, one on the same host, so that services
     * on one machine can share their sessions.
     */
    @Nullable PoolNode byName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        PoolNode exact = byName.get(lower);
        return exact != null ? exact : byName.get(hostOf(lower));
    }

    private static String hostOf(String name) {
        if (name.startsWith("[")) {
            int end = name.indexOf(']');
            return end < 0 ? name : name.substring(1, end);
        }
        int colon = name.lastIndexOf(':');
        return colon < 0 || colon != name.indexOf(':') ? name : name.substring(0, colon);
    }

    /** The node that {@code token} was made for; null for a token that Weir has not made. */
    @Nullable PoolNode byToken(String token) {
        if (token.length() <= SELECTOR) {
            return null;
        }
        PoolNode node = bySelector.get(token.substring(0, SELECTOR));
        String made = node == null ? null : tokens.get(node.address());
        // How far a forgery is right must not show in the time it takes to refuse it.
        return made != null && MessageDigest.isEqual(octets(made), octets(token)) ? node : null;
    }

    /** The token of a node that is in the pool; null for another one. */
    @Nullable String token(PoolNode node) {
        return tokens.get(node.address());
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String token(byte[] mark) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(mark, TOKEN_OCTETS));
    }
}
