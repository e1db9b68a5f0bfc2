package io.weir.exchange;

import io.weir.config.VirtualServerConfig.Forwarding;
import io.weir.http.FieldBlock;
import io.weir.http.FieldName;

import org.jspecify.annotations.Nullable;

/** What nodes are told about a client connection. Confined to the event loop of the connection. */
public final class ForwardedClient {

    private final String address;
    private final boolean trusted;
    private @Nullable Forwarding madeFor;
    private @Nullable FieldBlock fields;

    /**
     * @param address of the client, as text
     * @param trusted whether the connection comes from a trusted proxy, whose own forwarding fields
     *     are believed
     */
    public ForwardedClient(String address, boolean trusted) {
        this.address = address;
        this.trusted = trusted;
    }

    /** The client's address, as text. */
    public String address() {
        return address;
    }

    /** Whether the forwarding fields of the connection are believed. */
    public boolean trusted() {
        return trusted;
    }

    /** The fields to add when the request brings none that count; the same for every request. */
    FieldBlock fields(Forwarding forwarding, boolean secure, boolean http2) {
        FieldBlock known = fields;
        if (known == null || !forwarding.equals(madeFor)) {
            known =
                    FieldBlock.of(
                            to -> {
                                if (forwarding.clusterIp()) {
                                    to.add(FieldName.X_CLUSTER_CLIENT_IP, address);
                                }
                                if (forwarding.forwardedFor()) {
                                    to.add(FieldName.X_FORWARDED_FOR, address);
                                }
                                if (forwarding.forwardedProto()) {
                                    to.add(FieldName.X_FORWARDED_PROTO, secure ? "https" : "http");
                                }
                                if (forwarding.via()) {
                                    to.add(FieldName.VIA, http2 ? "2.0 weir" : "1.1 weir");
                                }
                            });
            fields = known;
            madeFor = forwarding;
        }
        return known;
    }
}
