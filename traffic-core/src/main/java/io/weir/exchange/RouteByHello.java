package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.config.VirtualServerConfig.Route;
import io.weir.fault.TrafficFault;
import io.weir.pool.Pool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the pool of a TLS connection that is carried unopened by what its ClientHello asks for;
 * the first route that fits decides.
 */
final class RouteByHello implements StreamStep {

    private final List<Target> targets = new ArrayList<>();

    private record Target(Route route, Pool pool) {}

    RouteByHello(VirtualServer server) {
        for (Route route : server.config().routes()) {
            targets.add(new Target(route, server.pool(route.pool())));
        }
    }

    @Override
    public Next run(StreamExchange x) {
        ByteBuf held = x.held();
        if (held == null) {
            return x.awaitBytes();
        }
        return switch (ClientHello.read(held)) {
            case ClientHello.More _ -> x.awaitBytes();
            case ClientHello.NoTls _ -> plain(x);
            case ClientHello.Broken broken ->
                    new Next.Fail(new TrafficFault.ClientBroke(400, broken.why()));
            case ClientHello.Asks hello -> {
                x.asks(hello.serverName());
                for (Target target : targets) {
                    if (fits(target.route(), hello)) {
                        x.search().pool(target.pool());
                        break;
                    }
                }
                yield Next.CONTINUE;
            }
        };
    }

    private Next plain(StreamExchange x) {
        for (Target target : targets) {
            if (!target.route().tls()) {
                x.search().pool(target.pool());
                return Next.CONTINUE;
            }
        }
        return new Next.Fail(
                new TrafficFault.ClientBroke(400, "the connection does not open with TLS"));
    }

    private static boolean fits(Route route, ClientHello.Asks hello) {
        return route.tls()
                && (route.alpn() == null || hello.protocols().contains(route.alpn()))
                && (route.sni() == null || matches(route.sni(), hello.serverName()));
    }

    /** Whether {@code name} is the one that {@code wanted} says, or one below {@code *.wanted}. */
    private static boolean matches(String wanted, @Nullable String name) {
        if (name == null) {
            return false;
        }
        return wanted.startsWith("*.")
                ? name.length() >= wanted.length() && name.endsWith(wanted.substring(1))
                : name.equals(wanted);
    }
}
