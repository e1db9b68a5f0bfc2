package io.weir.exchange;

import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.Forwarding;
import io.weir.http.FieldName;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.RequestHead;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Makes the client's request fit for a node: takes out what was meant for Weir alone, and adds who
 * the client is. Fields that tell about the client are believed only when they come from a trusted
 * proxy.
 */
final class PrepareRequest implements Step {

    /** Fields about the client whose names have a {@code -}. */
    private static final FieldName[] CLAIMS = {
        FieldName.X_FORWARDED_FOR,
        FieldName.X_FORWARDED_PROTO,
        FieldName.X_FORWARDED_HOST,
        FieldName.X_FORWARDED_PORT,
        FieldName.X_REAL_IP,
        FieldName.X_CLUSTER_CLIENT_IP
    };

    private final Forwarding forwarding;
    private final boolean upgrade;

    PrepareRequest(VirtualServerConfig config) {
        this.forwarding = config.forwarding();
        this.upgrade = config.upgrade();
    }

    @Override
    public Next run(Exchange x) {
        RequestHead head = x.request();
        boolean upgradeAsked = upgrade && asksForWebSocket(x, head);
        boolean http10 = head.http10();
        boolean trailers = takesTrailers(head);
        if (head.removeHopByHop() && x.server().cache() != null) {
            // The node is asked something else than the client seems to ask.
            x.cacheWish().goPast("connection");
        }
        String authority = head.targetAuthority();
        if (authority != null) {
            head.set(FieldName.HOST, authority);
        }
        if (http10 && authority == null && !head.contains(FieldName.HOST)) {
            // Nodes are asked in HTTP/1.1, where Host is a must (RFC 9112 section 3.2).
            head.add(FieldName.HOST, localAuthority(x));
        }
        if (upgradeAsked) {
            x.attempts().askUpgrade();
            head.add(FieldName.CONNECTION, "Upgrade");
            head.add(FieldName.UPGRADE, "websocket");
        } else if (trailers) {
            // RFC 9110 section 10.1.4; trailers are passed on, so we can promise the same.
            head.add(FieldName.CONNECTION, "TE");
            head.add(FieldName.TE, "trailers");
        }
        if (http10 && head.contains(FieldName.EXPECT)) {
            // RFC 9110 section 10.1.1: an expectation in HTTP/1.0 is ignored.
            head.remove(FieldName.EXPECT);
        }
        if (x.requestLength() >= 0) {
            Framing.canonicalLength(head);
        }
        FieldName idField = x.server().idForNodes();
        if (idField != null) {
            head.set(idField, x.id());
        }
        forward(x, head, http10);
        return Next.CONTINUE;
    }

    /** The address that the client connected to, which is all that an old client tells. */
    private static String localAuthority(Exchange x) {
        InetSocketAddress local = x.client().local();
        InetAddress address = local.getAddress();
        String host = address == null ? "unknown" : address.getHostAddress();
        int scope = host.indexOf('%');
        host = scope < 0 ? host : host.substring(0, scope);
        return (host.indexOf(':') < 0 ? host : "[" + host + "]")
                + (local.getPort() == 80 ? "" : ":" + local.getPort());
    }

    /** RFC 9110 section 10.1.4: in HTTP/1.1 the field counts only when Connection names it. */
    private static boolean takesTrailers(RequestHead head) {
        return head.listContains(FieldName.TE, "trailers")
                && !head.http10()
                && (head.http2() || head.listContains(FieldName.CONNECTION, "te"));
    }

    private static boolean asksForWebSocket(Exchange x, RequestHead head) {
        String protocol = head.get(FieldName.UPGRADE);
        return protocol != null
                && protocol.equalsIgnoreCase("websocket")
                && head.method() == Method.GET
                && !head.http10()
                && x.requestLength() == 0
                && head.find(FieldName.UPGRADE, head.find(FieldName.UPGRADE, 0) + 1) < 0
                && head.listContains(FieldName.CONNECTION, "upgrade");
    }

    /**
     * Whether some nodes read the field as one about the client. Proxies do not spell them like
     * that, and do not look after it when others do.
     */
    private static boolean resemblesClaim(RequestHead head, int i) {
        for (FieldName claim : CLAIMS) {
            if (head.resembles(i, claim)) {
                return true;
            }
        }
        return false;
    }

    private void forward(Exchange x, RequestHead head, boolean http10) {
        ForwardedClient client = x.client().forwarded();
        boolean trusted = client.trusted();
        @Nullable String before = null;
        // One look at the known names instead of one search per field.
        for (int i = 0, n = head.size(); i < n; i++) {
            FieldName name = head.knownName(i);
            if (name == null) {
                if (resemblesClaim(head, i)) {
                    head.removeAt(i);
                }
            } else if (name == FieldName.X_FORWARDED_FOR) {
                if (head.present(i) && (!trusted || forwarding.forwardedFor())) {
                    if (trusted) {
                        before = before == null ? head.value(i) : before + ", " + head.value(i);
                    }
                    head.removeAt(i);
                }
            } else if (name == FieldName.X_CLUSTER_CLIENT_IP) {
                if (!trusted || forwarding.clusterIp()) {
                    head.removeAt(i);
                }
            } else if (name == FieldName.X_FORWARDED_PROTO
                    || name == FieldName.X_FORWARDED_HOST
                    || name == FieldName.X_FORWARDED_PORT
                    || name == FieldName.X_REAL_IP
                    || name == FieldName.FORWARDED) {
                if (!trusted) {
                    head.removeAt(i);
                }
            } else if (name.tlsClaim()) {
                head.removeAt(i);
            }
        }
        ClientTls tls = x.client().tls();
        if (tls != null && tls.hasFields()) {
            head.add(tls.fields());
        }
        if (!trusted && !http10) {
            head.add(client.fields(forwarding, x.client().secure(), head.http2()));
            return;
        }
        if (forwarding.clusterIp()) {
            head.add(FieldName.X_CLUSTER_CLIENT_IP, client.address());
        }
        if (forwarding.forwardedFor()) {
            head.add(
                    FieldName.X_FORWARDED_FOR,
                    before == null ? client.address() : before + ", " + client.address());
        }
        if (forwarding.forwardedProto()
                && !(trusted && head.contains(FieldName.X_FORWARDED_PROTO))) {
            head.add(FieldName.X_FORWARDED_PROTO, x.client().secure() ? "https" : "http");
        }
        if (forwarding.via()) {
            head.add(FieldName.VIA, http10 ? "1.0 weir" : head.http2() ? "2.0 weir" : "1.1 weir");
        }
    }
}
