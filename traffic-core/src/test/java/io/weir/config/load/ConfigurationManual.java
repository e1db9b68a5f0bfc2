package io.weir.config.load;

import io.weir.config.MonitorConfig;
import io.weir.config.MonitorConfig.Http;
import io.weir.config.MonitorConfig.TcpTransaction;
import io.weir.config.load.SchemaKeys.SchemaKey;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Writes the reference manual from the schema, the built-in monitors and the problem codes. */
final class ConfigurationManual {

    private final StringBuilder out = new StringBuilder();

    private ConfigurationManual() {}

    /** The whole manual, in Markdown. */
    static String text() throws IOException {
        ConfigurationManual manual = new ConfigurationManual();
        manual.intro();
        manual.keys("Virtual servers", "virtual-servers.web", "`virtual-servers.<name>`");
        manual.keys("Limits", "virtual-servers.web.limits", "`limits` of a virtual server");
        manual.keys("HTTP/2", "virtual-servers.web.http2", "`http2` of a virtual server");
        manual.keys(
                "Forwarding", "virtual-servers.web.forwarding", "`forwarding` of a virtual server");
        manual.keys(
                "Rewriting", "virtual-servers.web.rewriting", "`rewriting` of a virtual server");
        manual.keys("Access log", "virtual-servers.web.log", "`log` of a virtual server");
        manual.keys("Sockets", "virtual-servers.web.tcp", "`tcp` of a virtual server");
        manual.keys("TLS from clients", "virtual-servers.web.tls", "`tls` of a virtual server");
        manual.keys("Cache", "virtual-servers.web.cache", "`cache` of a virtual server");
        manual.keys(
                "Compression",
                "virtual-servers.web.compression",
                "`compression` of a virtual server");
        manual.keys(
                "Routes",
                "virtual-servers.web.routes.0",
                "an entry of `routes` of a virtual server");
        manual.keys("Datagrams", "virtual-servers.web.udp", "`udp` of a virtual server");
        manual.keys(
                "Kept exchanges", "virtual-servers.web.explain", "`explain` of a virtual server");
        manual.keys("Pools", "pools.shop", "`pools.<name>`");
        manual.keys("TLS to nodes", "pools.shop.tls", "`tls` of a pool");
        manual.keys("Nodes", "pools.shop.nodes.0", "an entry of `nodes` of a pool");
        manual.keys("Outliers", "pools.shop.outliers", "`outliers` of a pool");
        manual.keys("Circuit breakers", "pools.shop.breaker", "`breaker` of a pool");
        manual.keys(
                "Admission", "pools.shop.admission", "`admission` of a pool or a virtual server");
        manual.keys("Monitors", "monitors.m", "`monitors.<name>`");
        manual.builtInMonitors();
        manual.keys("Persistence classes", "persistence-classes.p", "`persistence-classes.<name>`");
        manual.keys(
                "Service level classes",
                "service-level-classes.prompt",
                "`service-level-classes.<name>`");
        manual.keys("Protection classes", "protection-classes.c", "`protection-classes.<name>`");
        manual.keys("Rate classes", "rate-classes.r", "`rate-classes.<name>`");
        manual.keys("Bandwidth classes", "bandwidth-classes.b", "`bandwidth-classes.<name>`");
        manual.keys("Event types", "event-types.e", "`event-types.<name>`");
        manual.keys("Actions", "actions.a", "`actions.<name>`");
        manual.keys("Authenticators", "authenticators.d", "`authenticators.<name>`");
        manual.keys("Thresholds", "thresholds.t", "`thresholds.<name>`");
        manual.keys("Process", "global", "`global`");
        manual.keys("Admin server", "global.admin", "`global.admin`");
        manual.keys(
                "Directory of administrators", "global.admin.ldap", "`ldap` of the admin server");
        manual.keys("Provider of sign-ins", "global.admin.oidc", "`oidc` of the admin server");
        manual.keys(
                "Certificates of administrators",
                "global.admin.client-certificates",
                "`client-certificates` of the admin server");
        manual.keys(
                "Other Weirs",
                "global.admin.instances.0",
                "an entry of `instances` of the admin server");
        manual.keys("Name look-up", "global.dns", "`global.dns`");
        manual.keys("Budgets under overload", "global.overload", "`global.overload`");
        manual.keys("Memory of the cache", "global.cache", "`global.cache`");
        manual.keys("Memory of kept exchanges", "global.explain", "`global.explain`");
        manual.keys("History", "global.history", "`global.history`");
        manual.problems();
        return manual.out.toString();
    }

    private void intro() throws IOException {
        try (InputStream in =
                ConfigurationManual.class.getResourceAsStream("/manual/configuration-intro.md")) {
            byte[] bytes = Objects.requireNonNull(in).readAllBytes();
            out.append(new String(bytes, StandardCharsets.UTF_8));
        }
        out.append(
                """

                <!-- From here on made by ConfigurationManual from weir.schema.json and the code. -->
                """);
    }

    private void keys(String title, String path, String where) {
        out.append("\n## ").append(title).append("\n\nKeys of ").append(where).append(".\n\n");
        out.append("| Key | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
        for (SchemaKey key : SchemaKeys.all()) {
            List<String> parents = key.path().subList(0, key.path().size() - 1);
            if (String.join(".", parents).equals(path)) {
                row("`" + key.name() + "`", value(key), standard(key), meaning(key) + example(key));
            }
        }
    }

    private static String value(SchemaKey key) {
        Shape shape = key.shape();
        if (shape.type().equals("object")) {
            return "see below";
        }
        if (!shape.choices().isEmpty()) {
            return String.join(", ", shape.choices().stream().map(c -> "`" + c + "`").toList());
        }
        if (shape.type().equals("array") && shape.items() != null) {
            return "a list: " + shape.items().title();
        }
        Kind kind = shape.kind();
        String what =
                kind == Kind.TIME
                        ? "time"
                        : kind == Kind.SIZE
                                ? "size"
                                : kind == Kind.HASH_KEY
                                        ? "text"
                                        : kind == Kind.NUMBER
                                                ? "number"
                                                : switch (shape.type()) {
                                                    case "integer" -> "number";
                                                    case "boolean" -> "`true`, `false`";
                                                    default -> shape.title();
                                                };
        return what + range(shape);
    }

    private static String range(Shape shape) {
        Long minimum = shape.number("minimum");
        Long maximum = shape.number("maximum");
        boolean size = shape.kind() == Kind.SIZE;
        if (shape.number("exclusiveMinimum") != null) {
            return ", more than 0";
        }
        if (minimum != null && maximum != null) {
            return ", " + written(minimum, size) + " to " + written(maximum, size);
        }
        return "";
    }

    private static String written(long number, boolean size) {
        return size ? Quantity.written(number) : Long.toString(number);
    }

    private static String standard(SchemaKey key) {
        Shape shape = key.shape();
        if (key.defaultValue() == null) {
            boolean required =
                    List.of("listen", "pool", "nodes", "address", "counter").contains(key.name());
            return required ? "must be given" : "none";
        }
        String text = Objects.requireNonNull(key.defaultValue());
        if (text.equals("[]")) {
            return "empty";
        }
        return shape.type().equals("object") ? "" : "`" + text.replace("\"", "") + "`";
    }

    private static String meaning(SchemaKey key) {
        String description = text(key, "description");
        List<String> types = key.shape().types();
        return (types.isEmpty() ? "" : "For `" + String.join("`, `", types) + "`. ") + description;
    }

    private static String example(SchemaKey key) {
        String example = key.example();
        boolean plain =
                key.shape().choices().isEmpty()
                        && !key.shape().type().equals("boolean")
                        && !key.shape().type().equals("integer");
        if (example == null || !plain) {
            return "";
        }
        boolean unquoted = example.matches("\"[A-Za-z0-9/:][^\"\\\\]*\"");
        return " Example: `"
                + (unquoted ? example.substring(1, example.length() - 1) : example)
                + "`";
    }

    private static String text(SchemaKey key, String keyword) {
        return key.definition().get(keyword) instanceof Node.Scalar scalar ? scalar.text() : "";
    }

    private void builtInMonitors() {
        out.append(
                """

                ### Built-in monitors

                These may be named without being defined. A monitor of the same name in the
                configuration takes the place of the built-in one.

                | Name | Delay | Time-out | Failures | Check |
                | --- | --- | --- | --- | --- |
                """);
        for (MonitorConfig monitor : BuiltInMonitors.all().values()) {
            row(
                    monitor.name(),
                    Quantity.written(monitor.delay()),
                    Quantity.written(monitor.timeout()),
                    String.valueOf(monitor.failures()),
                    check(monitor));
        }
    }

    private static String check(MonitorConfig monitor) {
        return switch (monitor.probe()) {
            case MonitorConfig.Ping ping -> "an ICMP echo, or a connection";
            case MonitorConfig.Connect connect -> "a connection";
            case Http http ->
                    "`GET "
                            + http.path()
                            + "`, status `"
                            + http.statusRegex()
                            + "`"
                            + (http.bodyRegex() == null ? "" : ", the whole body is read");
            case TcpTransaction tcp ->
                    (tcp.writeString() == null
                                    ? ""
                                    : tcp.writeString().isBlank()
                                            ? "sends two line ends, "
                                            : "sends an opening request, ")
                            + "expects `"
                            + tcp.responseRegex()
                            + "`"
                            + (tcp.closeString() == null ? "" : ", then takes its leave");
            case MonitorConfig.Program program -> program.program();
            case MonitorConfig.Dns dns ->
                    "asks for the "
                            + dns.queryType()
                            + " records of `"
                            + dns.queryName()
                            + "`, expects any reply but a failure";
        };
    }

    private void problems() {
        out.append(
                """

                ## Problems

                A problem is shown as `file:line:column: error CODE: message`. Codes from
                `WEIR-C0601` on, `WEIR-C0006` and `WEIR-C0014` are warnings, and so is `WEIR-C0012`
                for an included file: the configuration is used in spite of them.

                | Code | Meaning |
                | --- | --- |
                """);
        for (ProblemCode code : ProblemCode.values()) {
            row("`" + code.id() + "`", code.meaning());
        }
    }

    private void row(String... cells) {
        out.append('|');
        for (String cell : cells) {
            String escaped = cell.replace("|", "\\|").replace("\n", " ");
            out.append(' ').append(escaped.isEmpty() ? "" : escaped + " ").append('|');
        }
        out.append('\n');
    }
}
