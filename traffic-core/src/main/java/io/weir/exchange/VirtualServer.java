package io.weir.exchange;

import io.weir.cache.Outcome;
import io.weir.config.AddressBlocks;
import io.weir.config.VirtualServerConfig;
import io.weir.http.FieldName;
import io.weir.persist.PersistenceClasses;
import io.weir.pool.Pool;
import io.weir.slm.ServiceLevel;
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
    private final @Nullable CacheAccess cache;
    private final @Nullable ServiceLevel serviceLevel;
    private final StreamPath streamPath;
    private final @Nullable FieldName idForClients;
    private final @Nullable FieldName idForNodes;
    private final Map<String, Pool> pools;
    private final TrafficClasses classes;
    private final AddressBlocks answerers;

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
                null,
                null,
                null,
                null,
                TrafficClasses.NONE);
    }

    /**
     * @param pool the default pool
     * @param account where its exchanges are counted and logged; outlives configurations
     * @param persistence the classes that pools and rules may name
     * @param pools all pools in force, by name
     * @param tls for its connections; null when clients come in the clear
     * @param cache its part of the cache; null for none
     * @param compress its compression; null for none
     * @param serviceLevel the class of its requests; null for none
     * @param classes it refers to
     */
    public VirtualServer(
            VirtualServerConfig config,
            Pool pool,
            Account account,
            ErrorPages errorPages,
            ServerRules rules,
            PersistenceClasses persistence,
            Map<String, Pool> pools,
            @Nullable ServerTls tls,
            @Nullable CacheAccess cache,
            @Nullable CompressAccess compress,
            @Nullable ServiceLevel serviceLevel,
            TrafficClasses classes) {
        this.config = config;
        this.pool = pool;
        this.account = account;
        this.errorPages = errorPages;
        this.rules = rules;
        this.tls = tls;
        this.cache = cache;
        this.serviceLevel = serviceLevel;
        this.persistence = persistence;
        this.pools = pools;
        this.classes = classes;
        this.answerers = AddressBlocks.of(config.udp().acceptFromMask());
        this.path = ExchangePath.of(config, rules, persistence, cache, compress, classes);
        this.streamPath = StreamPath.of(this);
        this.idForClients = name(config.explain().responseHeader());
        this.idForNodes = name(config.explain().nodeHeader());
    }

    /** Whose datagrams count as answers, where {@code accept-from} is {@code ip-mask}. */
    public AddressBlocks answerers() {
        return answerers;
    }

    private static @Nullable FieldName name(@Nullable String field) {
        return field == null ? null : FieldName.of(field);
    }

    /** The field that tells clients the id of their exchange; null for none. */
    @Nullable FieldName idForClients() {
        return idForClients;
    }

    /** The same for nodes. */
    @Nullable FieldName idForNodes() {
        return idForNodes;
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

    /** The classes that it refers to. */
    public TrafficClasses classes() {
        return classes;
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

    /** Its part of the cache; null for none. */
    @Nullable CacheAccess cache() {
        return cache;
    }

    /** The class that its requests belong to; null for none. */
    @Nullable ServiceLevel serviceLevel() {
        return serviceLevel;
    }

    /** Counts what the cache was to an exchange that has ended. */
    void countCache(ExchangeRecord record) {
        CacheAccess part = cache;
        Outcome outcome = record.cacheOutcome();
        if (part != null && outcome != null) {
            part.zone().count(outcome);
        }
    }

    public ExchangePath path() {
        return path;
    }

    StreamPath streamPath() {
        return streamPath;
    }
}
