package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.metrics.Metrics;
import io.weir.pool.BreakerStatus;
import io.weir.runtime.DataPlane.NodeView;
import io.weir.runtime.DataPlane.PersistenceStatus;
import io.weir.runtime.DataPlane.PoolStatus;
import io.weir.runtime.DataPlane.Status;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

class DataPlaneMetricsTest {

    private final AtomicReference<Status> status = new AtomicReference<>();
    private final Metrics metrics = new Metrics(1);

    private static NodeView node(String name, String state, String health, long requests) {
        return new NodeView(
                name,
                state,
                health,
                null,
                health.equals("down"),
                3,
                1,
                2,
                7,
                5,
                8,
                requests,
                11,
                12,
                13,
                0,
                null,
                null,
                null);
    }

    private static Status of(PoolStatus... pools) {
        return new Status(4, List.of(), List.of(pools), 100, 1000);
    }

    private String page() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.write(out, null);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void poolsAndNodesAreShownAsTheyAreNow() throws IOException {
        metrics.addSource(new DataPlaneMetrics(status::get));
        status.set(
                of(
                        new PoolStatus(
                                "web",
                                "round-robin",
                                true,
                                6,
                                null,
                                new BreakerStatus("half-open", "4 of 4 requests failed", null),
                                null,
                                List.of(
                                        node("a:80", "active", "up", 1234),
                                        node("b:80", "draining", "unchecked", 5),
                                        node("[::1]:80", "active", "down", 0)))));

        assertThat(page().lines())
                .contains(
                        "weir_config_revision 4",
                        "weir_pool_alive{pool=\"web\"} 1",
                        "weir_pool_queued_requests{pool=\"web\"} 6",
                        "weir_pool_nodes{pool=\"web\",state=\"active\",health=\"up\"} 1",
                        "weir_pool_nodes{pool=\"web\",state=\"active\",health=\"down\"} 1",
                        "weir_pool_breaker_state{pool=\"web\",state=\"closed\"} 0",
                        "weir_pool_breaker_state{pool=\"web\",state=\"half-open\"} 1",
                        "weir_node_ejected{pool=\"web\",node=\"a:80\"} 0",
                        "weir_node_ejected{pool=\"web\",node=\"[::1]:80\"} 1",
                        "weir_node_up{pool=\"web\",node=\"a:80\"} 1",
                        "weir_node_up{pool=\"web\",node=\"b:80\"} 1",
                        "weir_node_up{pool=\"web\",node=\"[::1]:80\"} 0",
                        "weir_node_state{pool=\"web\",node=\"b:80\",state=\"draining\"} 1",
                        "weir_node_state{pool=\"web\",node=\"b:80\",state=\"active\"} 0",
                        "weir_node_weight{pool=\"web\",node=\"a:80\"} 3",
                        "weir_node_exchanges{pool=\"web\",node=\"a:80\"} 2",
                        "weir_node_connections{pool=\"web\",node=\"a:80\"} 7",
                        "weir_node_idle_connections{pool=\"web\",node=\"a:80\"} 5",
                        "weir_node_requests_total{pool=\"web\",node=\"a:80\"} 1234",
                        "weir_node_failures_total{pool=\"web\",node=\"a:80\"} 11",
                        "weir_node_received_bytes_total{pool=\"web\",node=\"a:80\"} 12",
                        "weir_node_sent_bytes_total{pool=\"web\",node=\"a:80\"} 13");

        status.set(of());
        assertThat(page()).doesNotContain("weir_node_").doesNotContain("weir_pool_");
    }

    @Test
    void serviceLevelClassesAreShownWithTheirNodes() throws IOException {
        metrics.addSource(new DataPlaneMetrics(status::get));
        DataPlane.ResponseTimes none = new DataPlane.ResponseTimes(0, 0, 0);
        status.set(
                new Status(
                        4,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(
                                new DataPlane.ServiceLevelStatus(
                                        "prompt",
                                        1000,
                                        50,
                                        20,
                                        "warning",
                                        25,
                                        40,
                                        3,
                                        100,
                                        45,
                                        none,
                                        List.of(
                                                new DataPlane.NodeServiceLevel(
                                                        "web", "a:80", 75, 20, 50, 5, none)))),
                        new DataPlane.ClassStatus(
                                List.of(
                                        new DataPlane.ProtectionStatus(
                                                "guard",
                                                true,
                                                false,
                                                12,
                                                1024,
                                                7,
                                                java.util.Map.of("size", 3L))),
                                List.of(
                                        new DataPlane.RateStatus(
                                                "pace", 50, 0, 49, 4, 100, 1, 30, 26, 2)),
                                List.of(
                                        new DataPlane.BandwidthStatus(
                                                "link", 10000, "machine", 5, 3, 777)),
                                List.of(
                                        new DataPlane.AdmissionStatus(
                                                "pool",
                                                "web",
                                                true,
                                                24,
                                                23,
                                                10,
                                                15,
                                                900,
                                                java.util.Map.of("low", 40L)))),
                        100,
                        1000));
        String of = "class=\"prompt\"";
        assertThat(page().lines())
                .contains(
                        "weir_service_level_conforming_ratio{" + of + "} 0.25",
                        "weir_service_level_grade{" + of + "} 1",
                        "weir_service_level_requests{" + of + "} 3",
                        "weir_service_level_answers_total{" + of + ",conforming=\"yes\"} 55",
                        "weir_service_level_answers_total{" + of + ",conforming=\"no\"} 45",
                        "weir_service_level_node_conforming_ratio{"
                                + of
                                + ",pool=\"web\",node=\"a:80\"} 0.75",
                        "weir_protection_refusals_total{class=\"guard\",reason=\"size\"} 3",
                        "weir_protection_addresses{class=\"guard\"} 12",
                        "weir_protection_connections{class=\"guard\"} 7",
                        "weir_rate_queued_requests{class=\"pace\"} 4",
                        "weir_rate_entered_total{class=\"pace\"} 30",
                        "weir_rate_left_total{class=\"pace\"} 26",
                        "weir_rate_refused_total{class=\"pace\"} 2",
                        "weir_bandwidth_bytes_total{class=\"link\"} 777",
                        "weir_bandwidth_connections{class=\"link\"} 5",
                        "weir_bandwidth_waiting_connections{class=\"link\"} 3",
                        "weir_admission_limit{kind=\"pool\",name=\"web\"} 24",
                        "weir_admission_requests{kind=\"pool\",name=\"web\"} 23",
                        "weir_admission_admitted_total{kind=\"pool\",name=\"web\"} 900",
                        "weir_admission_refused_total{kind=\"pool\",name=\"web\",priority=\"low\"}"
                                + " 40");
    }

    @Test
    void persistenceClassesAreShownWithWhatTheyRemember() throws IOException {
        metrics.addSource(new DataPlaneMetrics(status::get));
        status.set(
                new Status(
                        4,
                        List.of(),
                        List.of(),
                        List.of(
                                new PersistenceStatus(
                                        "kept", "ip", 7, 10, 3, 40, 2, 10, 1, List.of()),
                                new PersistenceStatus(
                                        "sent", "transparent", -1, -1, 0, 5, 0, 6, 0, List.of())),
                        List.of(),
                        DataPlane.ClassStatus.NONE,
                        100,
                        1000));
        assertThat(page().lines())
                .contains(
                        "weir_persistence_entries{class=\"kept\"} 7",
                        "weir_persistence_evictions_total{class=\"kept\"} 3",
                        "weir_persistence_requests_total{class=\"kept\",verdict=\"hit\"} 40",
                        "weir_persistence_requests_total{class=\"kept\",verdict=\"miss\"} 2",
                        "weir_persistence_requests_total{class=\"kept\",verdict=\"new\"} 10",
                        "weir_persistence_requests_total{class=\"kept\",verdict=\"failed\"} 1",
                        "weir_persistence_requests_total{class=\"sent\",verdict=\"hit\"} 5")
                .noneMatch(line -> line.startsWith("weir_persistence_entries{class=\"sent\""));
    }
}
