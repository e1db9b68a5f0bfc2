package io.weir.soap.operations;

import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.SoapProblem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/**
 * Keys that another value makes necessary. Clients set both in calls of their own and in any order,
 * and no configuration may be incomplete in between, so a stand-in that can do no harm takes the
 * place of the one that is yet to come. Clients see an empty text where a stand-in stands.
 */
final class Unset {

    /** What must be there when the key before it has the value: key, value, needed key. */
    private static final Map<String, List<List<String>>> NEEDS =
            Map.of(
                    "persistence-classes",
                    List.of(
                            List.of("type", "cookie", "cookie"),
                            List.of("failure-mode", "url", "url")),
                    "monitors",
                    List.of(List.of("type", "program", "program")),
                    "actions",
                    List.of(
                            List.of("type", "mail", "server"),
                            List.of("type", "mail", "to"),
                            List.of("type", "syslog", "server"),
                            List.of("type", "snmp-trap", "server"),
                            List.of("version", "v3", "user"),
                            List.of("type", "program", "program"),
                            List.of("type", "soap", "url")));

    // The top-level domain "invalid" is never there (RFC 2606).
    private static final Map<String, String> STAND_INS =
            Map.of(
                    "persistence-classes.cookie", "Weir-Not-Set",
                    "persistence-classes.url", "/weir-not-set",
                    "monitors.program", "weir-not-set",
                    "actions.server", "weir-not-set.invalid:9",
                    "actions.to", "nobody@weir-not-set.invalid",
                    "actions.user", "weir-not-set",
                    "actions.program", "weir-not-set",
                    "actions.url", "http://weir-not-set.invalid/");

    private Unset() {}

    /** The stand-in for a key. */
    static JsonNode of(String section, String key) {
        String text = STAND_INS.getOrDefault(section + "." + key, "");
        JsonNodeFactory json = JsonNodeFactory.instance;
        return key.equals("to") ? json.arrayNode().add(text) : json.stringNode(text);
    }

    /** Puts stand-ins for what an object that is yet to be made needs because of one value. */
    static void complete(ObjectNode object, String section, String key, String value) {
        for (List<String> need : NEEDS.getOrDefault(section, List.of())) {
            if (need.getFirst().equals(key) && need.get(1).equals(value)) {
                object.set(need.get(2), of(section, need.get(2)));
            }
        }
    }

    /** A text for clients. */
    static String shown(String text) {
        return STAND_INS.containsValue(text) ? "" : text;
    }

    /** Whether the key cannot be taken away as things are. */
    static boolean isNeeded(Call call, String section, @Nullable String name, String key)
            throws SoapProblem {
        if (name == null) {
            return false;
        }
        for (List<String> need : NEEDS.getOrDefault(section, List.of())) {
            if (need.get(2).equals(key)
                    && need.get(1).equals(current(call, section, name, need.getFirst()))) {
                return true;
            }
        }
        return false;
    }

    /** Puts a stand-in for what the value just set makes necessary. */
    static void complete(
            Call call, String section, @Nullable String name, String key, @Nullable JsonNode value)
            throws SoapProblem {
        if (name == null || value == null) {
            return;
        }
        for (List<String> need : NEEDS.getOrDefault(section, List.of())) {
            String other = need.get(2);
            if (need.getFirst().equals(key)
                    && need.get(1).equals(value.asString(""))
                    && current(call, section, name, other).isEmpty()) {
                call.draft().set(section, name, other, of(section, other));
            }
        }
    }

    private static String current(Call call, String section, String name, String key)
            throws SoapProblem {
        JsonNode put = call.draft().put(List.of(section, name, key));
        return put != null
                ? put.asString("")
                : Values.text(Effective.at(call.draft().object(section, "object", name), key));
    }
}
