package io.weir.soap.operations;

import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.SoapProblem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

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
                    List.of(List.of("type", "program", "program")));

    private static final Map<String, String> STAND_INS =
            Map.of("cookie", "Weir-Not-Set", "url", "/weir-not-set", "program", "weir-not-set");

    private Unset() {}

    /** The stand-in for a key. */
    static String of(String key) {
        return STAND_INS.getOrDefault(key, "");
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
                call.draft()
                        .set(section, name, other, JsonNodeFactory.instance.stringNode(of(other)));
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
