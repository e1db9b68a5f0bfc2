package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.ActionConfig;
import io.weir.config.AdminConfig;
import io.weir.config.AdmissionConfig;
import io.weir.config.AuthenticatorConfig;
import io.weir.config.BandwidthConfig;
import io.weir.config.BreakerConfig;
import io.weir.config.CacheConfig;
import io.weir.config.ClientCertificateConfig;
import io.weir.config.CompressionConfig;
import io.weir.config.DnsConfig;
import io.weir.config.EventTypeConfig;
import io.weir.config.ExplainConfig;
import io.weir.config.GlobalConfig;
import io.weir.config.HistoryConfig;
import io.weir.config.Http2Config;
import io.weir.config.InstanceConfig;
import io.weir.config.LdapConfig;
import io.weir.config.MonitorConfig;
import io.weir.config.NodeConfig;
import io.weir.config.NodeTlsConfig;
import io.weir.config.OidcConfig;
import io.weir.config.OutlierConfig;
import io.weir.config.OverloadConfig;
import io.weir.config.PersistenceConfig;
import io.weir.config.PoolConfig;
import io.weir.config.ProtectionConfig;
import io.weir.config.RateConfig;
import io.weir.config.RuleLimits;
import io.weir.config.ServiceLevelConfig;
import io.weir.config.ThresholdConfig;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.SchemaKeys.SchemaKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Schema, binder and model know the same keys. */
class KeyCoverageTest {

    /** Keys that are objects of their own or have one possible value, so no example is needed. */
    private static final Set<String> WITHOUT_EXAMPLE =
            Set.of(
                    "limits",
                    "forwarding",
                    "rewriting",
                    "tcp",
                    "tls",
                    "dns",
                    "backup",
                    "udp",
                    "rules",
                    "cache",
                    "compression",
                    "outliers",
                    "ldap",
                    "oidc",
                    "client-certificates",
                    "admission",
                    "breaker",
                    "overload",
                    "explain",
                    "history");

    private static final List<String> ADMIN_KEY = List.of("global", "admin", "key");

    /** What has to stand where a key stands, itself included, for it to make sense. */
    private static final Map<String, Map<String, String>> COMPANIONS =
            Map.ofEntries(
                    Map.entry(
                            "location-regex",
                            Map.of("location-regex", ".", "location-replace", "x")),
                    Map.entry(
                            "location-replace",
                            Map.of("location-regex", "(.)", "location-replace", "x")),
                    Map.entry(
                            "cookie-path-regex",
                            Map.of("cookie-path-regex", ".", "cookie-path-replace", "x")),
                    Map.entry(
                            "cookie-path-replace",
                            Map.of("cookie-path-regex", "(.)", "cookie-path-replace", "x")),
                    Map.entry(
                            "new-cookie-domain",
                            Map.of("cookie-domain", "set-to-named", "new-cookie-domain", "x")),
                    Map.entry("cookie", Map.of("type", "cookie", "cookie", "x")),
                    Map.entry("failure-mode", Map.of("url", "/x")),
                    Map.entry("url", Map.of("failure-mode", "url", "url", "/x")),
                    Map.entry("scope", Map.of("machine", "10.0.0.1:80")),
                    Map.entry("program", Map.of("type", "program", "program", "/bin/false")),
                    Map.entry("arguments", Map.of("type", "program", "program", "/bin/true")));

    /** An object of its own, where the key of the same name of a pool is a word. */
    private static final List<String> SERVER_HTTP2 = List.of("virtual-servers", "web", "http2");

    private static final List<String> SERVER_TLS = List.of("virtual-servers", "web", "tls");

    @TempDir Path directory;

    @BeforeEach
    void writeFilesThatExamplesName() throws IOException {
        Files.writeString(directory.resolve("sorry.html"), "<p>Sorry.</p>\n");
        Files.writeString(directory.resolve("route.js"), "pool.use('shop');\n");
        Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(directory.resolve("secrets/probe-password"), "probe:secret\n");
        Files.writeString(directory.resolve("secrets/alert-password"), "long enough\n");
        Files.writeString(directory.resolve("secrets/alert-url"), "https://a.example/x\n");
        TlsFiles.write(directory);
        Files.writeString(directory.resolve("secrets/cluster-key"), "a key for all members\n");
    }

    @TestFactory
    Stream<DynamicTest> theExampleOfEveryKeyChangesTheConfiguration() {
        return SchemaKeys.all().stream()
                .filter(key -> !WITHOUT_EXAMPLE.contains(key.name()))
                .filter(key -> !key.path().equals(SERVER_HTTP2))
                .filter(key -> !key.path().equals(SchemaKeys.TYPE_OF_ACTION))
                .map(
                        key ->
                                DynamicTest.dynamicTest(
                                        String.join(".", key.path()), () -> changes(key)));
    }

    @TestFactory
    Stream<DynamicTest> writingADefaultDownChangesNothing() {
        return SchemaKeys.all().stream()
                .filter(key -> key.defaultValue() != null)
                // A mapping switches these on, so the default of the whole is not that of the
                // mapping; and the base has a route and an instance.
                .filter(
                        key ->
                                !Set.of(
                                                "log",
                                                "tls",
                                                "cache",
                                                "compression",
                                                "routes",
                                                "instances",
                                                "admin")
                                        .contains(key.name()))
                .map(
                        key ->
                                DynamicTest.dynamicTest(
                                        String.join(".", key.path()), () -> changesNothing(key)));
    }

    @Test
    void everyComponentOfTheModelHasItsKeyAndEveryKeyItsComponent() {
        Map<String, Class<?>> records = new HashMap<>();
        records.put("virtual-servers.web", VirtualServerConfig.class);
        records.put("virtual-servers.web.limits", VirtualServerConfig.Limits.class);
        records.put("virtual-servers.web.forwarding", VirtualServerConfig.Forwarding.class);
        records.put("virtual-servers.web.rewriting", VirtualServerConfig.ResponseRewriting.class);
        records.put("virtual-servers.web.log", VirtualServerConfig.AccessLogConfig.class);
        records.put("virtual-servers.web.tcp", VirtualServerConfig.Tcp.class);
        records.put("virtual-servers.web.cache", CacheConfig.class);
        records.put("virtual-servers.web.compression", CompressionConfig.class);
        records.put("global.cache", CacheConfig.Store.class);
        records.put("virtual-servers.web.http2", Http2Config.class);
        records.put("pools.shop", PoolConfig.class);
        records.put("pools.shop.outliers", OutlierConfig.class);
        records.put("pools.shop.admission", AdmissionConfig.class);
        records.put("pools.shop.breaker", BreakerConfig.class);
        records.put("virtual-servers.web.admission", AdmissionConfig.class);
        records.put("global.overload", OverloadConfig.class);
        records.put("pools.shop.nodes.0", NodeConfig.class);
        records.put("global", GlobalConfig.class);
        records.put("global.dns", DnsConfig.class);
        records.put("global.explain", ExplainConfig.Store.class);
        records.put("global.history", HistoryConfig.class);
        records.put("virtual-servers.web.explain", ExplainConfig.class);
        records.put("global.admin", AdminConfig.class);
        records.put("global.admin.ldap", LdapConfig.class);
        records.put("global.admin.oidc", OidcConfig.class);
        records.put("global.admin.client-certificates", ClientCertificateConfig.class);
        records.put("global.admin.instances.0", InstanceConfig.class);
        records.put("virtual-servers.web.routes.0", VirtualServerConfig.Route.class);
        records.put("virtual-servers.web.udp", VirtualServerConfig.Udp.class);
        records.put("global.rules", RuleLimits.class);
        assertThat(keysAt("virtual-servers.web.tls")).isEqualTo(componentsOf(TlsConfig.class));
        assertThat(keysAt("pools.shop.tls")).isEqualTo(componentsOf(NodeTlsConfig.class));
        records.put("persistence-classes.p", PersistenceConfig.class);
        records.put("service-level-classes.prompt", ServiceLevelConfig.class);
        records.put("protection-classes.c", ProtectionConfig.class);
        records.put("rate-classes.r", RateConfig.class);
        records.put("bandwidth-classes.b", BandwidthConfig.class);
        records.put("event-types.e", EventTypeConfig.class);
        records.put("authenticators.d", AuthenticatorConfig.class);
        records.put("thresholds.t", ThresholdConfig.class);
        records.forEach(
                (path, type) -> assertThat(keysAt(path)).as(path).isEqualTo(componentsOf(type)));

        Set<String> monitor = componentsOf(MonitorConfig.class);
        for (Class<?> probe : MonitorConfig.Probe.class.getPermittedSubclasses()) {
            monitor.addAll(componentsOf(probe));
        }
        monitor.remove("probe");
        monitor.add("type");
        assertThat(keysAt("monitors.m")).isEqualTo(monitor);

        Set<String> action = componentsOf(ActionConfig.class);
        for (Class<?> delivery : ActionConfig.Delivery.class.getPermittedSubclasses()) {
            action.addAll(componentsOf(delivery));
        }
        action.remove("delivery");
        action.add("type");
        assertThat(keysAt("actions.a")).isEqualTo(action);
    }

    @Test
    void everyKeyIsDescribed() {
        for (SchemaKey key : SchemaKeys.all()) {
            assertThat(key.definition().get("description")).as(key.path().toString()).isNotNull();
        }
    }

    private void changes(SchemaKey key) {
        String example = key.example();
        assertThat(example).as("the schema gives an example").isNotNull();
        Node companions = companions(key);
        assertThat(load(SchemaKeys.with(companions, key.path(), Objects.requireNonNull(example))))
                .isNotEqualTo(load(companions));
    }

    private void changesNothing(SchemaKey key) {
        Node companions = companions(key);
        String value = Objects.requireNonNull(key.defaultValue());
        assertThat(load(SchemaKeys.with(companions, key.path(), value)))
                .isEqualTo(load(companions));
    }

    /** The base document with what {@code key} needs beside it. */
    private static Node companions(SchemaKey key) {
        Map<String, String> beside = COMPANIONS.getOrDefault(key.name(), Map.of());
        List<String> types = key.shape().types();
        if (key.path().size() == 4 && key.path().subList(0, 3).equals(SERVER_TLS)) {
            beside = Map.of("certificate", "default.pem", "client-ca-file", "clients-ca.pem");
        } else if (key.path().equals(List.of("pools", "shop", "tls", "key"))
                || key.path().equals(ADMIN_KEY)) {
            beside = Map.of("certificate", "default.pem");
        }
        if (key.path().getFirst().equals("actions")) {
            String type = types.isEmpty() ? "log" : types.getFirst();
            beside = SchemaKeys.needsOfAction(type);
        } else if (key.path().getFirst().equals("event-types")) {
            beside = Map.of();
        } else if (beside.isEmpty() && !types.isEmpty()) {
            beside = Map.of("type", types.getFirst());
        }
        Node document = SchemaKeys.base();
        for (Map.Entry<String, String> entry : beside.entrySet()) {
            if (key.name().equals(entry.getKey()) && key.name().startsWith("client-")) {
                continue;
            }
            List<String> path = new ArrayList<>(key.path());
            path.set(path.size() - 1, entry.getKey());
            document = SchemaKeys.with(document, path, entry.getValue());
        }
        return document;
    }

    private WeirConfig load(Node document) {
        String text = SchemaKeys.flow(document);
        Path main = directory.resolve("weir.yaml");
        Loaded loaded = ConfigLoader.parse(text, main, Environment.of(Map.of(), main));
        assertThat(loaded.errors()).as(text).isEmpty();
        return Objects.requireNonNull(loaded.config());
    }

    private static Set<String> keysAt(String path) {
        Set<String> names = new TreeSet<>();
        for (SchemaKey key : SchemaKeys.all()) {
            List<String> parents = key.path().subList(0, key.path().size() - 1);
            if (String.join(".", parents).equals(path)) {
                names.add(key.name());
            }
        }
        return names;
    }

    private static Set<String> componentsOf(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            names.add(
                    component
                            .getName()
                            .replaceAll("([A-Z]|[0-9]+(?=[A-Z]))", "-$1")
                            .toLowerCase(Locale.ROOT));
        }
        names.remove("name");
        return new TreeSet<>(new HashSet<>(names));
    }
}
