package io.weir.exchange;

import io.weir.config.VirtualServerConfig;
import io.weir.persist.PersistenceClasses;
import io.weir.pool.Pool;
import io.weir.tls.ServerTls;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * A virtual server as exchanges see it: one immutable part of a configuration in force. An exchange
 * keeps the one it began with to its end.
 */
public final class VirtualServer {

    private final VirtualServerConfig config;
    private final Pool pool;
    private final Account account;
    private final ErrorPages errorPages;
    private final PersistenceClasses persistence;
    private final ServerRules rules;
    private final @Nullable ServerTls tls;
    private final ExchangePath path;
    private final StreamPath streamPath;
    private final Map<String, Pool> pools;

    /** A virtual server without rules and sessions that uses no pool but its default one. */
    public VirtualServer(
            VirtualServerConfig config, Pool pool, Account account, ErrorPages errorPages) {
        this(
                config,
                pool,
                account,
                errorPages,
                ServerRules.NONE,
                PersistenceClasses.NONE,
                Map.of(),
                null);
    }

    /**
     * @param pool the default pool
     * @param account where its exchanges are counted and logged; outlives configurations
     * @param persistence the classes that pools and rules may name
     * @param pools all pools in force, by name
     * @param tls for its connections; null when clients come in the clear
     */
    public VirtualServer(
            VirtualServerConfig config,
            Pool pool,
            Account account,
            ErrorPages errorPages,
            ServerRules rules,
            PersistenceClasses persistence,
            Map<String, Pool> pools,
            @Nullable ServerTls tls) {
        this.config = config;
        this.pool = pool;
        this.account = account;
        this.errorPages = errorPages;
        this.rules = rules;
        this.tls = tls;
        this.persistence = persistence;
        this.pools = pools;
        this.path = ExchangePath.of(config, rules, persistence);
        this.streamPath = StreamPath.of(this);
    }

    public String name() {
        return config.name();
    }

    public VirtualServerConfig config() {
        return config;
    }

    public Pool pool() {
        return pool;
    }

    /** The pool called {@code name}, which the configuration has been checked to have. */
    Pool pool(String name) {
        Pool found = pools.get(name);
        if (found == null) {
            throw new IllegalArgumentException("there is no pool " + name);
        }
        return found;
    }

    public Account account() {
        return account;
    }

    public ErrorPages errorPages() {
        return errorPages;
    }

    /** The persistence classes that pools and rules may name. */
    public PersistenceClasses persistence() {
        return persistence;
    }

    ServerRules rules() {
        return rules;
    }

    /** TLS for its connections; null when clients come in the clear. */
    public @Nullable ServerTls tls() {
        return tls;
    }

    public ExchangePath path() {
        return path;
    }

    StreamPath streamPath() {
        return streamPath;
    }
}
