package io.weir.config.load;

import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The published schema as tests see it: all its keys, and a document in which each may stand. */
final class SchemaKeys {

    /** A document that has every object and every group. */
    static final String BASE =
            """
            virtual-servers:
              web:
                listen: :9999
                pool: spare
                limits: {}
                forwarding: {}
                rewriting: {}
                log: {}
                tcp: {}
                tls: {}
                cache: {}
                compression: {}
                udp: {}
                admission: {}
                routes:
                  - pool: shop
            pools:
              shop:
                nodes:
                  - address: 10.0.0.1:80
                outliers: {}
                admission: {}
                breaker: {}
                tls: {}
              sorry:
                nodes: [10.0.0.9:80]
                failure-pool: spare
              spare:
                nodes: [10.0.0.8:80]
              unused:
                nodes: [10.0.0.7:80]
                failure-pool: sorry
                monitors: [shop health]
            monitors:
              m: {}
              shop health: {}
            persistence-classes:
              p: {}
              sticky: {}
            service-level-classes:
              prompt: {}
            protection-classes:
              c: {}
              guard: {}
            rate-classes:
              r: {}
              pace: {}
            bandwidth-classes:
              b: {}
              link: {}
            event-types:
              e:
                events: []
            actions:
              a: {}
              other: {}
            thresholds:
              t:
                counter: weir_pool_queued_requests
                above: 5
            authenticators:
              d:
                server: ldap://localhost:389
            rules:
              route: route.js
            global:
              dns: {}
              rules: {}
              cache: {}
              admin:
                ldap: {}
                oidc: {}
                client-certificates: {}
                instances:
                  - label: north
                    address: https://north.example:9090
                    token: x
              overload: {}
            """;

    /**
     * A key of the schema.
     *
     * @param path where it may stand in {@link #BASE}: keys and list positions
     * @param shape of its value
     * @param definition the schema of its value, as published
     */
    record SchemaKey(List<String> path, Shape shape, Mapping definition) {

        String name() {
            return path.getLast();
        }

        /** The published example, as YAML in flow style; null when there is none. */
        @Nullable String example() {
            return definition.get("examples") instanceof Sequence examples
                    ? flow(examples.items().getFirst())
                    : null;
        }

        /** The default, as YAML in flow style; null when there is none. */
        @Nullable String defaultValue() {
            Node value = shape.defaultValue();
            return value == null ? null : flow(value);
        }
    }

    /** Its example cannot stand alone: every type but the default one needs further keys. */
    static final List<String> TYPE_OF_ACTION = List.of("actions", "a", "type");

    private final Mapping schema;
    private final List<SchemaKey> keys = new ArrayList<>();

    /** What an action of a type has to have, as YAML in flow style, by key. */
    static Map<String, String> needsOfAction(String type) {
        return switch (type) {
            case "mail" ->
                    Map.of(
                            "type", type,
                            "server", "mail:25",
                            "to", "[a@a.example]",
                            "password", "x");
            case "syslog" -> Map.of("type", type, "server", "logs:514");
            case "snmp-trap" ->
                    Map.of(
                            "type", type,
                            "server", "traps:162",
                            "user", "x",
                            "auth-password", "long enough");
            case "program" -> Map.of("type", type, "program", "/bin/true");
            case "soap", "webhook" -> Map.of("type", type, "url", "http://localhost/");
            default -> Map.of("type", type);
        };
    }

    private SchemaKeys() {
        schema = (Mapping) read(ConfigLoader.schema());
    }

    /** Every key of objects and groups, in the order of the schema. */
    static List<SchemaKey> all() {
        SchemaKeys all = new SchemaKeys();
        Shape root = Schema.root();
        all.object(List.of("virtual-servers", "web"), of(root, "virtual-servers"));
        all.object(List.of("pools", "shop"), of(root, "pools"));
        all.object(List.of("monitors", "m"), of(root, "monitors"));
        all.object(List.of("persistence-classes", "p"), of(root, "persistence-classes"));
        all.object(List.of("service-level-classes", "prompt"), of(root, "service-level-classes"));
        all.object(List.of("protection-classes", "c"), of(root, "protection-classes"));
        all.object(List.of("rate-classes", "r"), of(root, "rate-classes"));
        all.object(List.of("bandwidth-classes", "b"), of(root, "bandwidth-classes"));
        all.object(List.of("event-types", "e"), of(root, "event-types"));
        all.object(List.of("actions", "a"), of(root, "actions"));
        all.object(List.of("authenticators", "d"), of(root, "authenticators"));
        all.object(List.of("thresholds", "t"), of(root, "thresholds"));
        all.collect(
                List.of("global"),
                Objects.requireNonNull(root.properties().get("global")),
                all.definition("global"));
        return all.keys;
    }

    /** The key at {@code path}. */
    static SchemaKey at(String... path) {
        return all().stream()
                .filter(key -> key.path().equals(List.of(path)))
                .findFirst()
                .orElseThrow();
    }

    private void object(List<String> path, Shape shape) {
        String definition =
                path.getFirst().endsWith("-classes")
                        ? path.getFirst().substring(0, path.getFirst().length() - 2)
                        : path.getFirst().substring(0, path.getFirst().length() - 1);
        collect(path, shape, definition(definition));
    }

    private void collect(List<String> path, Shape shape, Mapping definition) {
        Mapping properties = (Mapping) Objects.requireNonNull(definition.get("properties"));
        shape.properties()
                .forEach(
                        (name, inner) -> {
                            List<String> at = new ArrayList<>(path);
                            at.add(name);
                            Mapping written =
                                    (Mapping) Objects.requireNonNull(properties.get(name));
                            keys.add(new SchemaKey(at, inner, written));
                            deeper(at, name, inner);
                        });
    }

    private void deeper(List<String> at, String name, Shape shape) {
        if (name.equals("nodes")) {
            Shape node = alternative(Objects.requireNonNull(shape.items()));
            List<String> first = new ArrayList<>(at);
            first.add("0");
            collect(first, node, definition("node"));
        } else if (name.equals("tls") && at.getFirst().equals("pools")) {
            collect(at, alternative(shape), definition("node-tls"));
        } else if (name.equals("routes")) {
            List<String> first = new ArrayList<>(at);
            first.add("0");
            collect(first, Objects.requireNonNull(shape.items()), definition("route"));
        } else if (name.equals("instances")) {
            List<String> first = new ArrayList<>(at);
            first.add("0");
            collect(first, Objects.requireNonNull(shape.items()), definition("instance"));
        } else if (shape.type().equals("object")
                || List.of("log", "cache", "compression", "admin").contains(name)) {
            String definition =
                    switch (String.join(".", at)) {
                        case "global.rules" -> "rule-limits";
                        case "global.cache" -> "cache-store";
                        case "global.explain" -> "explain-store";
                        default -> name;
                    };
            collect(at, alternative(shape), definition(definition));
        }
    }

    private static Shape alternative(Shape shape) {
        return shape.alternatives().stream()
                .filter(a -> a.type().equals("object"))
                .findFirst()
                .orElse(shape);
    }

    private Mapping definition(String name) {
        Mapping definitions = (Mapping) Objects.requireNonNull(schema.get("$defs"));
        return (Mapping) Objects.requireNonNull(definitions.get(name));
    }

    private static Shape of(Shape root, String key) {
        Shape objects = Objects.requireNonNull(root.properties().get(key));
        return Objects.requireNonNull(objects.others());
    }

    /** The base document. */
    static Node base() {
        return read(BASE);
    }

    /** The same without what names files, so that it is a whole configuration by itself. */
    static Node baseWithoutFiles() {
        return with(base(), List.of("rules"), "{}");
    }

    /** {@code document} with the value {@code yaml} at {@code path}. */
    static Node with(Node document, List<String> path, String yaml) {
        if (path.isEmpty()) {
            return read(yaml);
        }
        List<String> rest = path.subList(1, path.size());
        if (document instanceof Sequence sequence) {
            List<Node> items = new ArrayList<>(sequence.items());
            int at = Integer.parseInt(path.getFirst());
            items.set(at, with(items.get(at), rest, yaml));
            return new Sequence(sequence.place(), items);
        }
        Mapping mapping = (Mapping) document;
        Map<String, Member> members = new LinkedHashMap<>(mapping.members());
        Node inner = mapping.get(path.getFirst());
        Node value =
                with(inner == null ? new Mapping(mapping.place(), Map.of()) : inner, rest, yaml);
        members.put(path.getFirst(), new Member(mapping.place(), value));
        return new Mapping(mapping.place(), members);
    }

    private static Node read(String yaml) {
        Problems problems = new Problems();
        Node node = YamlReader.read(Path.of("document"), yaml, problems);
        if (node == null || problems.hasErrors()) {
            throw new IllegalArgumentException(yaml + ": " + problems.sorted());
        }
        return node;
    }

    /** {@code node} as JSON. */
    static String flow(Node node) {
        return switch (node) {
            case Scalar scalar ->
                    switch (scalar.type()) {
                        case TEXT -> quoted(scalar.text());
                        case NOTHING -> "null";
                        case SWITCH, WHOLE, DECIMAL -> scalar.text();
                    };
            case Sequence sequence ->
                    "["
                            + String.join(
                                    ", ", sequence.items().stream().map(SchemaKeys::flow).toList())
                            + "]";
            case Mapping mapping ->
                    "{"
                            + String.join(
                                    ", ",
                                    mapping.members().entrySet().stream()
                                            .map(
                                                    e ->
                                                            quoted(e.getKey())
                                                                    + ": "
                                                                    + flow(e.getValue().value()))
                                            .toList())
                            + "}";
        };
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\r", "\\r")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\0", "\\u0000")
                + '"';
    }
}
