package io.weir.wire.dns;

import io.netty.resolver.HostsFileEntriesProvider;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The hosts file, read anew at every question, so that changes count. */
final class HostsFile {

    private final @Nullable Path file;

    private HostsFile(@Nullable Path file) {
        this.file = file;
    }

    /** The hosts file of the system. */
    static HostsFile ofSystem() {
        return new HostsFile(null);
    }

    static HostsFile at(Path file) {
        return new HostsFile(file);
    }

    /** The addresses of {@code host}, IPv4 first; empty when the file does not have it. */
    List<InetAddress> find(String host) {
        HostsFileEntriesProvider.Parser parser = HostsFileEntriesProvider.parser();
        HostsFileEntriesProvider entries =
                file == null
                        ? parser.parseSilently()
                        : parser.parseSilently(file.toFile(), StandardCharsets.UTF_8);
        String name = host.toLowerCase(Locale.ROOT);
        List<InetAddress> found = new ArrayList<>();
        found.addAll(entries.ipv4Entries().getOrDefault(name, List.of()));
        found.addAll(entries.ipv6Entries().getOrDefault(name, List.of()));
        if (found.isEmpty() && (name.equals("localhost") || name.endsWith(".localhost"))) {
            // RFC 6761 section 6.3: never to be asked of a name server.
            found.add(InetAddress.ofLiteral("127.0.0.1"));
        }
        return found;
    }
}
