package io.weir.control;

import io.weir.config.ListenAddress;
import io.weir.config.Protocol;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.Nearest;
import io.weir.explain.RequestQuestion;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds the virtual server that a request would come to. Stateless. */
final class ServerChoice {

    private ServerChoice() {}

    /**
     * The virtual server.
     *
     * @param listener where it listens for the request, as far as that is known
     */
    record Found(VirtualServerConfig server, @Nullable String listener) {}

    /**
     * The one that is named, or the one at the port; null when nobody listens there.
     *
     * @throws RefusedException when there is no virtual server of the name
     */
    static @Nullable Found of(
            RequestQuestion question, WeirConfig config, DataPlane.@Nullable Status observed)
            throws RefusedException {
        String name = question.virtualServer();
        if (name != null) {
            VirtualServerConfig named = config.virtualServers().get(name);
            if (named == null) {
                Set<String> known = config.virtualServers().keySet();
                throw new RefusedException(
                        new ControlProblem.NotFound(
                                "virtual server", name, "", Nearest.to(name, known)));
            }
            List<String> listens = listens(named, observed);
            return new Found(named, listens.isEmpty() ? null : listens.getFirst());
        }
        for (VirtualServerConfig server : config.virtualServers().values()) {
            if (server.enabled() && speaks(server, question.secure())) {
                for (String address : listens(server, observed)) {
                    if (address.endsWith(":" + question.port())) {
                        return new Found(server, address);
                    }
                }
            }
        }
        return null;
    }

    /** Whether requests over TLS, or in the clear, are for the virtual server. */
    private static boolean speaks(VirtualServerConfig server, boolean secure) {
        return switch (server.protocol().kind()) {
            case HTTP -> (server.tls() != null) == secure;
            case TLS_PASSTHROUGH -> secure;
            default -> false;
        };
    }

    /** Its addresses, with the real ports where they are known. */
    private static List<String> listens(
            VirtualServerConfig server, DataPlane.@Nullable Status observed) {
        if (observed != null) {
            for (DataPlane.VirtualServerStatus each : observed.virtualServers()) {
                if (each.name().equals(server.name())) {
                    return each.listen();
                }
            }
        }
        return server.listen().stream().map(ListenAddress::toString).toList();
    }

    /** The pool of a TLS pass-through service for the host that is asked for. */
    static String route(VirtualServerConfig server, RequestQuestion question) {
        if (server.protocol().kind() != Protocol.Kind.TLS_PASSTHROUGH) {
            return server.pool();
        }
        String host = question.host().toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", "");
        for (VirtualServerConfig.Route route : server.routes()) {
            String sni = route.sni();
            boolean named =
                    sni == null
                            || sni.equals(host)
                            || (sni.startsWith("*.") && host.endsWith(sni.substring(1)));
            if (route.tls() && route.alpn() == null && named) {
                return route.pool();
            }
        }
        return server.pool();
    }
}
