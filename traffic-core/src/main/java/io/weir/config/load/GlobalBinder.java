package io.weir.config.load;

import io.weir.config.BackupConfig;
import io.weir.config.DnsConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.GlobalConfig.TlsEngine;
import io.weir.config.GlobalConfig.Transport;
import io.weir.config.ListenAddress;
import io.weir.config.RuleLimits;
import io.weir.config.load.Node.Scalar;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes the record of what holds for the whole process from a section whose structure has been
 * checked. Faulty values become defaults, as {@link Binder} says.
 */
final class GlobalBinder {

    private final NamedFiles files;
    private final Problems problems;

    GlobalBinder(NamedFiles files, Problems problems) {
        this.files = files;
        this.problems = problems;
    }

    GlobalConfig bind(Section s) {
        return new GlobalConfig(
                AdminBinder.admin(s, this::listenAddress, files),
                off(s, "metrics"),
                Addresses.blocks(s, "trusted-proxies"),
                s.count("event-loops"),
                s.choice("transport", Transport.class),
                s.choice("tls-engine", TlsEngine.class),
                s.text("event-log"),
                dns(s.section("dns")),
                s.secretOrNull("cluster-key"),
                s.time("stop-timeout"),
                s.time("stall-limit"),
                CacheBinder.store(s.section("cache")),
                ruleLimits(s.section("rules")),
                files.any(s, "location-database"),
                backup(s.section("backup")),
                ClassBinder.overload(s.section("overload")),
                ExplainBinder.store(s.section("explain")),
                ExplainBinder.history(s.section("history")));
    }

    private static BackupConfig backup(Section s) {
        return new BackupConfig(
                s.textOrNull("remote"),
                s.textOrNull("user"),
                s.secretOrNull("password"),
                s.secretOrNull("passphrase"));
    }

    /** An address to listen on, or the word off. */
    private @Nullable ListenAddress off(Section s, String key) {
        Node node = s.node(key);
        if (node == null || (node instanceof Scalar scalar && scalar.text().equals("off"))) {
            return null;
        }
        return listenAddress(node);
    }

    private @Nullable ListenAddress listenAddress(Node node) {
        return Addresses.listen(node, problems);
    }

    private static RuleLimits ruleLimits(Section s) {
        return new RuleLimits(
                s.time("time-limit"),
                s.time("time-warning"),
                s.size("memory-limit"),
                s.size("body-limit"),
                s.size("data-size"),
                Addresses.blocks(s, "egress"));
    }

    private static DnsConfig dns(Section s) {
        List<String> servers = new ArrayList<>();
        for (String text : s.texts("servers")) {
            try {
                servers.add(Addresses.nameServer(text));
            } catch (Malformed e) {
                throw new IllegalStateException("the structure was not checked", e);
            }
        }
        return new DnsConfig(
                servers, s.time("min-refresh"), s.time("max-refresh"), s.time("timeout"));
    }
}
