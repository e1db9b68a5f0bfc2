package io.weir.tm;

import io.weir.config.ListenAddress;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Virtual servers: where they listen, and the rules that they run. */
final class TmServers implements TmOwn {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String EVERYWHERE = "*";
    private static final Set<String> ANY = Set.of(EVERYWHERE, "::", "0.0.0.0");

    @Override
    public JsonNode read(TmKey key, String name, ObjectNode object) {
        List<ListenAddress> listen = listen(object);
        boolean any = listen.stream().allMatch(address -> ANY.contains(address.host()));
        return switch (key.name()) {
            case "port" -> JSON.numberNode(listen.isEmpty() ? 0 : listen.getFirst().port());
            case "listen_on_any" -> JSON.booleanNode(any);
            case "listen_on_hosts" ->
                    TmValues.array(any ? List.of() : listen.stream().map(a -> a.host()).toList());
            case "ssl_decrypt" -> JSON.booleanNode(object.has("tls"));
            default -> rules(object.path(of(key)));
        };
    }

    private static List<ListenAddress> listen(ObjectNode object) {
        List<ListenAddress> all = new ArrayList<>();
        for (JsonNode each : object.path("listen")) {
            String text = each.asString("");
            int colon = text.lastIndexOf(':');
            all.add(
                    new ListenAddress(
                            text.substring(0, Math.max(0, colon)).replaceAll("[\\[\\]]", ""),
                            Integer.parseInt(text.substring(colon + 1))));
        }
        return all;
    }

    /** The key of the configuration for a list of rules. */
    private static String of(TmKey key) {
        return key.name().replace('_', '-');
    }

    /** A rule that is off has a slash before its name, one that runs on the first only a star. */
    private static ArrayNode rules(JsonNode uses) {
        ArrayNode names = JSON.arrayNode();
        for (JsonNode use : uses) {
            boolean on = use.path("enabled").asBoolean(true);
            boolean first = use.path("run").asString("").equals("first");
            names.add((on ? "" : "/") + (first ? "*" : "") + use.path("rule").asString(""));
        }
        return names;
    }

    @Override
    public void write(TmDraft draft, Map<TmKey, JsonNode> values) throws TmProblem {
        List<ListenAddress> present = listen(draft.effective());
        Set<String> hosts = new LinkedHashSet<>();
        present.forEach(address -> hosts.add(address.host()));
        long port = present.isEmpty() ? 0 : present.getFirst().port();
        boolean moved = draft.isNew();
        for (Map.Entry<TmKey, JsonNode> each : values.entrySet()) {
            TmKey key = each.getKey();
            JsonNode value = each.getValue();
            switch (key.name()) {
                case "port" -> {
                    port = TmValues.number(key, value);
                    moved = true;
                }
                case "listen_on_any" -> {
                    if (TmValues.flag(key, value)) {
                        hosts.clear();
                        moved = true;
                    }
                }
                case "listen_on_hosts" -> {
                    hosts.clear();
                    hosts.addAll(TmValues.strings(key, value));
                    moved = true;
                }
                case "ssl_decrypt" -> {
                    if (TmValues.flag(key, value)) {
                        throw TmProblem.invalid(
                                key, "TLS needs a certificate; give it in the configuration");
                    }
                    draft.set("tls", null);
                }
                default -> draft.set(of(key), uses(TmValues.strings(key, value)));
            }
        }
        if (draft.isNew() && !draft.object().has("enabled")) {
            // As in the model product, a new virtual server does not listen until it is enabled.
            draft.set("enabled", JSON.booleanNode(false));
        }
        if (moved) {
            move(draft, hosts, port);
        }
    }

    private static void move(TmDraft draft, Set<String> hosts, long port) throws TmProblem {
        if (port < 1 || port > 65_535) {
            throw TmProblem.invalid(
                    "basic",
                    "port",
                    "resource.validation_error",
                    "the port is " + port + ", expected 1 to 65535");
        }
        ArrayNode listen = JSON.arrayNode();
        for (String host : hosts.isEmpty() ? Set.of(EVERYWHERE) : hosts) {
            listen.add(new ListenAddress(host.replaceAll("[\\[\\]]", ""), (int) port).toString());
        }
        draft.set("listen", listen);
    }

    private static ArrayNode uses(List<String> names) {
        ArrayNode uses = JSON.arrayNode();
        for (String name : names) {
            boolean off = name.startsWith("/");
            boolean first = name.substring(off ? 1 : 0).startsWith("*");
            ObjectNode use = uses.addObject();
            use.put("rule", name.substring((off ? 1 : 0) + (first ? 1 : 0)));
            use.put("enabled", !off);
            if (first) {
                use.put("run", "first");
            }
        }
        return uses;
    }
}
