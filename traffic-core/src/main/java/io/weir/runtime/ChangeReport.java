package io.weir.runtime;

import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.runtime.DataPlane.Change;
import io.weir.runtime.DataPlane.ObjectResult;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a configuration changes against the one before. Stateless. */
final class ChangeReport {

    private record Section(String prefix, Function<WeirConfig, Map<String, ?>> objects) {}

    private static final List<Section> SECTIONS =
            List.of(
                    new Section("virtual-servers/", WeirConfig::virtualServers),
                    new Section("pools/", WeirConfig::pools),
                    new Section("rules/", WeirConfig::rules),
                    new Section("monitors/", WeirConfig::monitors),
                    new Section("persistence-classes/", WeirConfig::persistenceClasses),
                    new Section("service-level-classes/", WeirConfig::serviceLevelClasses),
                    new Section("protection-classes/", WeirConfig::protectionClasses),
                    new Section("rate-classes/", WeirConfig::rateClasses),
                    new Section("bandwidth-classes/", WeirConfig::bandwidthClasses),
                    new Section("event-types/", WeirConfig::eventTypes),
                    new Section("actions/", WeirConfig::actions),
                    new Section("thresholds/", WeirConfig::thresholds),
                    new Section("authenticators/", WeirConfig::authenticators));

    private ChangeReport() {}

    /** Adds one result for each object of {@code now}, and of {@code before} that is gone. */
    static void add(WeirConfig before, WeirConfig now, List<ObjectResult> results) {
        for (Section section : SECTIONS) {
            Map<String, ?> old = section.objects().apply(before);
            Map<String, ?> objects = section.objects().apply(now);
            objects.forEach(
                    (name, object) -> {
                        Object was = old.get(name);
                        Change change =
                                was == null
                                        ? Change.ADDED
                                        : was.equals(object) ? Change.UNCHANGED : Change.CHANGED;
                        results.add(new ObjectResult(section.prefix() + name, change, null));
                    });
            for (String name : old.keySet()) {
                if (!objects.containsKey(name)) {
                    results.add(new ObjectResult(section.prefix() + name, Change.REMOVED, null));
                }
            }
        }
    }

    /** Tells which virtual servers serve now and did not before, and the other way round. */
    static void emit(WeirConfig before, WeirConfig now, EventBus events) {
        Map<String, VirtualServerConfig> old = before.virtualServers();
        Map<String, VirtualServerConfig> servers = now.virtualServers();
        for (String name : servers.keySet()) {
            if (serves(servers.get(name)) && !serves(old.get(name))) {
                events.emit(
                        EventTag.VSSTART,
                        "virtual server " + name + " started",
                        ObjectRef.virtualServer(name));
            }
        }
        for (String name : old.keySet()) {
            if (serves(old.get(name)) && !serves(servers.get(name))) {
                events.emit(
                        EventTag.VSSTOP,
                        "virtual server " + name + " stopped",
                        ObjectRef.virtualServer(name));
            }
        }
    }

    private static boolean serves(@Nullable VirtualServerConfig server) {
        return server != null && server.enabled();
    }
}
