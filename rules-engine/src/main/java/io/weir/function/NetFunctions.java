package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Functions {@code net.*}. */
public final class NetFunctions {

    @RuleFunction("Names and addresses.")
    public final Dns dns;

    NetFunctions(CurrentRun run, Waiting waiting, Names names) {
        dns = new Dns(run, waiting, names);
    }

    /** Functions {@code net.dns.*}: the first address or name found; empty when there is none. */
    public static final class Dns {
        private final CurrentRun run;
        private final Waiting waiting;
        private final Names names;

        Dns(CurrentRun run, Waiting waiting, Names names) {
            this.run = run;
            this.waiting = waiting;
            this.names = names;
        }

        private String find(String function, String name, Class<? extends InetAddress> type) {
            Object found =
                    run.await(
                            function,
                            done -> waiting.blocking(() -> done.accept(first(name, type))));
            return String.valueOf(found);
        }

        private String first(String name, Class<? extends InetAddress> type) {
            try {
                for (InetAddress address : names.addresses(name)) {
                    if (type.isInstance(address)) {
                        return address.getHostAddress();
                    }
                }
            } catch (UnknownHostException e) {
                return "";
            }
            return "";
        }

        @RuleFunction(value = "The IPv4 address of a name.", suspends = true)
        public String resolveHost(@Nullable String name) {
            return find("net.dns.resolveHost", orEmpty(name), Inet4Address.class);
        }

        @RuleFunction(value = "The IPv6 address of a name.", suspends = true)
        public String resolveHost6(@Nullable String name) {
            return find("net.dns.resolveHost6", orEmpty(name), Inet6Address.class);
        }

        @RuleFunction(value = "The name of an address.", suspends = true)
        public String resolveIP(@Nullable String address) {
            String text = orEmpty(address);
            Object found =
                    run.await(
                            "net.dns.resolveIP",
                            done -> waiting.blocking(() -> done.accept(name(text))));
            return String.valueOf(found);
        }

        private String name(String address) {
            try {
                return names.name(InetAddress.ofLiteral(address));
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
    }
}
