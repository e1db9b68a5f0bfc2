package io.weir.wire.dns;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolverException;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import io.netty.resolver.dns.DnsQueryLifecycleObserverFactory;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The address families of which no name server has said in one look-up whether the name has
 * addresses. The resolver takes the other family's answer for the whole. Confined to one event
 * loop.
 */
final class Unanswered implements DnsQueryLifecycleObserverFactory {

    private final Set<DnsRecordType> types = new HashSet<>();

    /** Whether nothing is known of addresses of the family of {@code address}. */
    boolean familyOf(InetAddress address) {
        return types.contains(
                address instanceof Inet4Address ? DnsRecordType.A : DnsRecordType.AAAA);
    }

    /** Whether nothing is known of one family at least. */
    boolean any() {
        return types.contains(DnsRecordType.A) || types.contains(DnsRecordType.AAAA);
    }

    @Override
    public DnsQueryLifecycleObserver newDnsQueryLifecycleObserver(DnsQuestion question) {
        return new Query(question.type());
    }

    /** One question, to one name server after the other. */
    private final class Query implements DnsQueryLifecycleObserver {

        private final DnsRecordType type;
        private boolean asked;

        Query(DnsRecordType type) {
            this.type = type;
        }

        @Override
        public void queryWritten(InetSocketAddress server, ChannelFuture future) {
            asked = true;
            types.add(type);
        }

        @Override
        public void querySucceed() {
            types.remove(type);
        }

        @Override
        public void queryFailed(Throwable cause) {
            // No such name or record, unless it is the end of the list of servers.
            if (asked && !(cause instanceof DnsNameResolverException)) {
                types.remove(type);
            }
        }

        @Override
        public DnsQueryLifecycleObserver queryNoAnswer(DnsResponseCode code) {
            asked = false;
            return this;
        }

        @Override
        public DnsQueryLifecycleObserver queryRedirected(List<InetSocketAddress> servers) {
            asked = false;
            return this;
        }

        @Override
        public DnsQueryLifecycleObserver queryCNAMEd(DnsQuestion alias) {
            asked = false;
            return this;
        }

        @Override
        public void queryCancelled(int queriesRemaining) {}
    }
}
