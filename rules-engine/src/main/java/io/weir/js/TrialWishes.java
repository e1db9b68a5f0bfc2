package io.weir.js;

import io.weir.bandwidth.BandwidthClass;
import io.weir.rule.RuleWishes;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a rule on trial wants for its exchange, which is told and nothing else. One thread. */
final class TrialWishes implements RuleWishes {

    private final Map<String, Object> told = new LinkedHashMap<>();
    private final List<String> avoided = new ArrayList<>();
    private final int[] traffic = new int[2];
    private @Nullable InetSocketAddress clientAddress;

    /** What was wanted, by name. */
    Map<String, Object> told() {
        return told;
    }

    /** The address in the place of the described one; null for none. */
    @Nullable InetSocketAddress clientAddress() {
        return clientAddress;
    }

    @Override
    public void avoid(String node) {
        avoided.add(node);
        told.put("avoid", avoided);
    }

    @Override
    public void idempotent(boolean wanted) {
        told.put("idempotent", wanted);
    }

    @Override
    public void maxAttempts(int most) {
        told.put("maxConnectionAttempts", most);
    }

    @Override
    public void maxTimedOutAttempts(int most) {
        told.put("maxTimedOutConnectionAttempts", most);
    }

    @Override
    public void maxReplyTime(Duration time) {
        told.put("maxReplyTime", time.toMillis() / 1000.0);
    }

    @Override
    public void idleTime(Duration time) {
        told.put("virtualServerTimeout", time.toMillis() / 1000.0);
    }

    @Override
    public void clientAddress(InetSocketAddress address) {
        clientAddress = address;
        told.put("remoteIP", address.getAddress().getHostAddress());
    }

    @Override
    public void serverName(String name) {
        told.put("TLSServerName", name);
    }

    @Override
    public @Nullable String bandwidth(boolean toNode) {
        return null;
    }

    @Override
    public void bandwidth(boolean toNode, @Nullable BandwidthClass other) {
        // No class is described.
    }

    @Override
    public int traffic(boolean toNode) {
        return traffic[toNode ? 1 : 0];
    }

    @Override
    public void traffic(boolean toNode, int octet) {
        traffic[toNode ? 1 : 0] = octet;
        told.put(toNode ? "requestDSCP" : "responseDSCP", octet >> 2);
    }
}
