package io.weir.config.load;

import io.weir.event.EventTag;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Event types that need only their actions to be written: their events are those of ZXTM's event
 * types of the same names, as far as Weir raises them.
 */
public final class BuiltInEventTypes {

    private static final Map<String, List<String>> EVENTS = events();

    private BuiltInEventTypes() {}

    /** Tags, sections and {@code *} by the name of the event type. */
    public static Map<String, List<String>> all() {
        return EVENTS;
    }

    private static Map<String, List<String>> events() {
        Set<String> raised =
                Arrays.stream(EventTag.values()).map(EventTag::keyword).collect(Collectors.toSet());
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("All Events", List.of("*"));
        put(
                all,
                raised,
                "Critical Problem Occurred",
                "nodefail pooldied monitorfail listenfail slmfallenbelowserious internalerror");
        put(
                all,
                raised,
                "Critical Problem Resolved",
                "nodeworking poolok monitorok slmrecoveredserious");
        put(all, raised, "Service Failed", "pooldied slmfallenbelowserious");
        put(all, raised, "Service Recovered", "poolok slmrecoveredserious");
        put(all, raised, "Resource Starvation", "fewfreefds rulebufferlarge datastorefull");
        put(
                all,
                raised,
                "SSL Certificate Expiry",
                "vssslcerttoexpire vssslcertexpired vscacerttoexpire vscacertexpired"
                        + " vscrloutofdate");
        put(
                all,
                raised,
                "TrafficScript Error",
                "ruleabort ruleoverrun rulexmlerr rulelogmsgwarn rulelogmsgserious pooluseunknown"
                        + " invalidemit");
        all.put("All Custom TrafficScript Events", List.of("customevent"));
        put(all, raised, "Audit Events", "confmod confok confrefused overlaychange");
        return Collections.unmodifiableMap(all);
    }

    private static void put(
            Map<String, List<String>> all, Set<String> raised, String name, String tags) {
        all.put(name, Arrays.stream(tags.split(" ")).filter(raised::contains).toList());
    }
}
