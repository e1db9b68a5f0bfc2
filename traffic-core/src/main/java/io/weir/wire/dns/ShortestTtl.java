package io.weir.wire.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsCnameCache;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * The shortest TTL among the records of one look-up, aliases included. The resolver shows TTLs to
 * its caches only, so this poses as two caches that never have anything. Confined to one event
 * loop.
 */
final class ShortestTtl {

    private long seconds = Long.MAX_VALUE;

    /** A day when no record was seen. */
    Duration shortest() {
        return Duration.ofSeconds(Math.min(seconds, 86_400));
    }

    private void saw(long ttl) {
        seconds = Math.min(seconds, Math.max(0, ttl));
    }

    DnsCnameCache aliases() {
        return new DnsCnameCache() {
            @Override
            public @Nullable String get(String hostname) {
                return null;
            }

            @Override
            public void cache(String hostname, String cname, long ttl, EventLoop loop) {
                saw(ttl);
            }

            @Override
            public void clear() {}

            @Override
            public boolean clear(String hostname) {
                return false;
            }
        };
    }

    DnsCache addresses() {
        return new DnsCache() {
            @Override
            public void clear() {}

            @Override
            public boolean clear(String hostname) {
                return false;
            }

            @Override
            public @Nullable List<? extends DnsCacheEntry> get(
                    String hostname, DnsRecord[] additionals) {
                return null;
            }

            @Override
            public DnsCacheEntry cache(
                    String hostname,
                    DnsRecord[] additionals,
                    InetAddress address,
                    long ttl,
                    EventLoop loop) {
                saw(ttl);
                return new Entry(address, null);
            }

            @Override
            public DnsCacheEntry cache(
                    String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
                return new Entry(null, cause);
            }
        };
    }

    private record Entry(@Nullable InetAddress address, @Nullable Throwable cause)
            implements DnsCacheEntry {}
}
