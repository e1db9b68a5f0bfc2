package io.weir.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole desired configuration: valid, complete and immutable. The maps are keyed by object name
 * and keep the order of the files. Inline node lists of virtual servers have become pools of their
 * own, named after the virtual server.
 */
public record WeirConfig(
        GlobalConfig global,
        Map<String, VirtualServerConfig> virtualServers,
        Map<String, PoolConfig> pools,
        Map<String, MonitorConfig> monitors,
        Map<String, RuleConfig> rules,
        Map<String, PersistenceConfig> persistenceClasses,
        Map<String, ServiceLevelConfig> serviceLevelClasses,
        Map<String, ProtectionConfig> protectionClasses,
        Map<String, RateConfig> rateClasses,
        Map<String, BandwidthConfig> bandwidthClasses,
        Map<String, EventTypeConfig> eventTypes,
        Map<String, ActionConfig> actions,
        Map<String, ThresholdConfig> thresholds,
        Map<String, AuthenticatorConfig> authenticators,
        Map<String, ResourceFile> resources) {

    public WeirConfig {
        virtualServers = Collections.unmodifiableMap(new LinkedHashMap<>(virtualServers));
        pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
        monitors = Collections.unmodifiableMap(new LinkedHashMap<>(monitors));
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        persistenceClasses = Collections.unmodifiableMap(new LinkedHashMap<>(persistenceClasses));
        serviceLevelClasses = Collections.unmodifiableMap(new LinkedHashMap<>(serviceLevelClasses));
        protectionClasses = Collections.unmodifiableMap(new LinkedHashMap<>(protectionClasses));
        rateClasses = Collections.unmodifiableMap(new LinkedHashMap<>(rateClasses));
        bandwidthClasses = Collections.unmodifiableMap(new LinkedHashMap<>(bandwidthClasses));
        eventTypes = Collections.unmodifiableMap(new LinkedHashMap<>(eventTypes));
        actions = Collections.unmodifiableMap(new LinkedHashMap<>(actions));
        thresholds = Collections.unmodifiableMap(new LinkedHashMap<>(thresholds));
        authenticators = Collections.unmodifiableMap(new LinkedHashMap<>(authenticators));
        resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
    }

    /** A configuration with the objects that traffic needs, and none of the others. */
    public WeirConfig(
            GlobalConfig global,
            Map<String, VirtualServerConfig> virtualServers,
            Map<String, PoolConfig> pools,
            Map<String, MonitorConfig> monitors,
            Map<String, RuleConfig> rules) {
        this(
                global,
                virtualServers,
                pools,
                monitors,
                rules,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
    }
}
