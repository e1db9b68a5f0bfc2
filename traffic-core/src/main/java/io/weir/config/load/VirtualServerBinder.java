package io.weir.config.load;

import io.weir.config.Http2Config;
import io.weir.config.ListenAddress;
import io.weir.config.Priority;
import io.weir.config.Protocol;
import io.weir.config.RateConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.AcceptFrom;
import io.weir.config.VirtualServerConfig.AccessLogConfig;
import io.weir.config.VirtualServerConfig.CookieDomain;
import io.weir.config.VirtualServerConfig.CookieSecure;
import io.weir.config.VirtualServerConfig.Forwarding;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.config.VirtualServerConfig.LocationRewrite;
import io.weir.config.VirtualServerConfig.ResponseRewriting;
import io.weir.config.VirtualServerConfig.Route;
import io.weir.config.VirtualServerConfig.RuleFailure;
import io.weir.config.VirtualServerConfig.Tcp;
import io.weir.config.VirtualServerConfig.Udp;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Makes the records of virtual servers from sections whose structure has been checked. Faulty
 * values become defaults, as {@link Binder} says.
 */
final class VirtualServerBinder {

    private final NamedFiles files;
    private final RuleBinder ruleBinder;
    private final TlsBinder tlsBinder;
    private final Problems problems;

    VirtualServerBinder(
            NamedFiles files, RuleBinder ruleBinder, TlsBinder tlsBinder, Problems problems) {
        this.files = files;
        this.ruleBinder = ruleBinder;
        this.tlsBinder = tlsBinder;
        this.problems = problems;
    }

    /**
     * @param pool the name of its pool
     */
    VirtualServerConfig bind(String name, Section s, String pool) {
        return new VirtualServerConfig(
                name,
                s.flag("enabled"),
                s.choice("protocol", Protocol.class),
                listen(s),
                pool,
                s.time("connect-timeout"),
                s.time("timeout"),
                s.flag("keepalive"),
                s.time("keepalive-timeout"),
                (int) s.size("max-client-buffer"),
                (int) s.size("max-server-buffer"),
                s.time("max-transaction-duration"),
                s.count("max-concurrent-connections"),
                s.flag("proxy-protocol"),
                limits(s.section("limits")),
                forwarding(s.section("forwarding")),
                rewriting(s.section("rewriting")),
                s.flag("upgrade"),
                http2(s.section("http2")),
                files.page(s, "error-file"),
                log(s),
                tcp(s.section("tcp")),
                CacheBinder.cache(s),
                CacheBinder.compression(s),
                routes(s),
                udp(s.section("udp")),
                ruleBinder.uses(s, "request-rules"),
                ruleBinder.uses(s, "response-rules"),
                ruleBinder.uses(s, "completion-rules"),
                s.choice("rule-failure", RuleFailure.class),
                s.textOrNull("service-level"),
                tlsBinder.server(s),
                s.textOrNull("protection"),
                s.textOrNull("rate"),
                s.choice("rate-context", RateConfig.Context.class),
                s.textOrNull("bandwidth"),
                ClassBinder.admission(s.section("admission")),
                s.choice("priority", Priority.class),
                files.page(s, "busy-file"),
                s.time("busy-retry-after"),
                ExplainBinder.explain(s.section("explain")),
                s.textOrNull("note"));
    }

    private List<ListenAddress> listen(Section s) {
        Node node = s.node("listen");
        List<Node> items =
                node instanceof Sequence sequence
                        ? sequence.items()
                        : node == null ? List.of() : List.of(node);
        List<ListenAddress> addresses = new ArrayList<>();
        for (Node item : items) {
            ListenAddress address = Addresses.listen(item, problems);
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static Limits limits(Section s) {
        return new Limits(
                (int) s.size("max-url-length"),
                (int) s.size("max-header-length"),
                s.count("max-headers"),
                s.size("max-body-length"),
                (int) s.size("min-body-rate"),
                s.time("body-grace"));
    }

    private static Forwarding forwarding(Section s) {
        return new Forwarding(
                s.flag("cluster-ip"),
                s.flag("forwarded-for"),
                s.flag("forwarded-proto"),
                s.flag("via"));
    }

    private static ResponseRewriting rewriting(Section s) {
        return new ResponseRewriting(
                s.choice("location", LocationRewrite.class),
                s.textOrNull("location-regex"),
                s.textOrNull("location-replace"),
                s.choice("cookie-domain", CookieDomain.class),
                s.textOrNull("new-cookie-domain"),
                s.textOrNull("cookie-path-regex"),
                s.textOrNull("cookie-path-replace"),
                s.choice("cookie-secure", CookieSecure.class),
                s.texts("remove-headers"));
    }

    private static Http2Config http2(Section s) {
        return new Http2Config(
                s.flag("enabled"),
                s.count("max-concurrent-streams"),
                (int) s.size("header-table-size"),
                (int) s.size("max-frame-size"),
                (int) s.size("stream-window"),
                s.time("idle-timeout"),
                s.count("max-resets"),
                s.count("max-control-frames"));
    }

    private static Tcp tcp(Section s) {
        return new Tcp(s.flag("nagle"), s.flag("close-with-reset"), s.count("backlog"));
    }

    private List<Route> routes(Section s) {
        List<Route> routes = new ArrayList<>();
        if (s.node("routes") instanceof Sequence sequence) {
            for (Section route : s.items("routes", sequence)) {
                String sni = route.textOrNull("sni");
                routes.add(
                        new Route(
                                sni == null ? null : sni.toLowerCase(Locale.ROOT),
                                route.textOrNull("alpn"),
                                route.flag("tls"),
                                Objects.requireNonNullElse(route.textOrNull("pool"), "")));
            }
        }
        return routes;
    }

    private static Udp udp(Section s) {
        return new Udp(
                s.time("timeout"),
                s.count("responses-expected"),
                s.time("response-timeout"),
                s.choice("accept-from", AcceptFrom.class),
                Addresses.blocks(s, "accept-from-mask"),
                s.count("max-sessions"));
    }

    /** {@code true}, {@code false} or a format in short; a mapping switches the log on. */
    private static AccessLogConfig log(Section s) {
        Node node = s.node("log");
        Section mapping = s.section("log");
        if (node instanceof Mapping) {
            return new AccessLogConfig(
                    mapping.flag("enabled"), mapping.text("file"), mapping.text("format"));
        }
        if (node instanceof Scalar scalar && scalar.type() == Node.Type.TEXT) {
            return new AccessLogConfig(true, mapping.text("file"), scalar.text());
        }
        boolean enabled = node instanceof Scalar scalar && Section.truth(scalar.text());
        return new AccessLogConfig(enabled, mapping.text("file"), mapping.text("format"));
    }
}
