package io.weir.runtime;

import io.weir.config.ProtectionConfig;
import io.weir.config.Protocol;
import io.weir.config.RuleUse;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.rule.RulePlace;
import io.weir.rule.RuleState;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the rules of a configuration stand. */
final class RulePlaces {

    private RulePlaces() {}

    /** The kinds of lists, by the name of each rule that is in one. */
    static Map<String, Set<RulePlace>> of(WeirConfig config) {
        Map<String, Set<RulePlace>> places = new HashMap<>();
        for (VirtualServerConfig server : config.virtualServers().values()) {
            boolean http = server.protocol().kind() == Protocol.Kind.HTTP;
            ProtectionConfig guard = config.protectionClasses().get(server.protection());
            if (guard != null && guard.enabled() && guard.rule() != null) {
                put(places, guard.rule(), new RulePlace(http, RuleState.REQUEST));
            }
            put(places, server.requestRules(), new RulePlace(http, RuleState.REQUEST));
            put(places, server.responseRules(), new RulePlace(http, RuleState.RESPONSE));
            put(places, server.completionRules(), new RulePlace(http, RuleState.COMPLETION));
        }
        return places;
    }

    private static void put(
            Map<String, Set<RulePlace>> places, List<RuleUse> uses, RulePlace place) {
        for (RuleUse use : uses) {
            if (use.enabled()) {
                put(places, use.rule(), place);
            }
        }
    }

    private static void put(Map<String, Set<RulePlace>> places, String rule, RulePlace place) {
        places.computeIfAbsent(rule, key -> new LinkedHashSet<>()).add(place);
    }
}
