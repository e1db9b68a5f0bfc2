package io.weir.config.load;

import io.weir.config.Protocol;
import io.weir.config.Protocol.Kind;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.AcceptFrom;
import io.weir.config.VirtualServerConfig.Udp;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Sequence;

import java.util.List;

/** Warns of keys that a virtual server has and its protocol has no use for. */
final class ProtocolCheck {

    private static final List<String> HTTP_ONLY =
            List.of(
                    "keepalive",
                    "keepalive-timeout",
                    "limits",
                    "forwarding",
                    "rewriting",
                    "upgrade",
                    "http2",
                    "error-file",
                    "admission",
                    "priority",
                    "busy-file",
                    "busy-retry-after",
                    "service-level");

    private static final List<String> TCP_ONLY =
            List.of(
                    "connect-timeout",
                    "timeout",
                    "max-client-buffer",
                    "max-server-buffer",
                    "max-transaction-duration",
                    "proxy-protocol",
                    "tcp");

    private final Draft draft;
    private final Problems problems;

    ProtocolCheck(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
    }

    void check() {
        for (VirtualServerConfig server : draft.config().virtualServers().values()) {
            Section s = draft.virtualServers().get(server.name());
            if (s != null) {
                check(s, server.protocol());
                answerers(s.section("udp"), server.udp());
            }
        }
    }

    private void answerers(Section udp, Udp settings) {
        if (settings.acceptFrom() != AcceptFrom.IP_MASK) {
            if (!settings.acceptFromMask().isEmpty()) {
                problems.warning(
                        udp.place("accept-from-mask"),
                        udp.path("accept-from-mask"),
                        ProblemCode.NO_EFFECT,
                        udp.path("accept-from-mask")
                                + " has no effect: accept-from is not ip-mask");
            }
        } else if (settings.acceptFromMask().isEmpty()) {
            problems.error(
                    udp.place("accept-from"),
                    udp.path("accept-from"),
                    ProblemCode.NEEDS_OTHER_KEY,
                    udp.path("accept-from") + ": needs the key 'accept-from-mask'");
        }
    }

    private void check(Section s, Protocol protocol) {
        Kind kind = protocol.kind();
        if (kind != Kind.HTTP) {
            HTTP_ONLY.forEach(key -> useless(s, key, protocol, "it is for http"));
        }
        if (kind == Kind.DATAGRAM) {
            TCP_ONLY.forEach(key -> useless(s, key, protocol, "it is for TCP"));
        } else {
            useless(s, "udp", protocol, "it is for udp and dns");
        }
        if (kind == Kind.SERVER_FIRST || kind == Kind.STREAM) {
            useless(s, "connect-timeout", protocol, "nobody waits for the client's first bytes");
        }
        if (kind != Kind.TLS_PASSTHROUGH) {
            useless(s, "routes", protocol, "it is for tls-passthrough");
        }
    }

    /** Whether the operator wrote the key with anything but defaults. */
    private static boolean departs(Section s, String key) {
        return switch (s.has(key) ? s.node(key) : null) {
            case Mapping mapping ->
                    mapping.members().keySet().stream()
                            .filter(s.shapeOf(key).properties()::containsKey)
                            .anyMatch(inner -> departs(s.section(key), inner));
            case Sequence sequence -> !sequence.items().isEmpty();
            case null, default -> s.departs(key);
        };
    }

    private void useless(Section s, String key, Protocol protocol, String reason) {
        if (departs(s, key)) {
            problems.warning(
                    s.place(key),
                    s.path(key),
                    ProblemCode.NO_EFFECT,
                    s.path(key)
                            + " has no effect: "
                            + reason
                            + ", and the protocol is "
                            + protocol.word());
        }
    }
}
