package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

class MetricsTest {

    private static final String OPEN_METRICS =
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private final Metrics metrics = new Metrics(2);

    private String page(@Nullable String accept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.write(out, accept);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Exposition read() throws IOException {
        return Exposition.parse(page(null));
    }

    @Test
    void aThousandRequestsWithKnownOutcomeAreCountedToTheUnit() throws IOException {
        VirtualServerMetrics web = metrics.virtualServer("web");
        for (int i = 0; i < 1000; i++) {
            VirtualServerCounts loop = web.onLoop(i % 2);
            if (i % 10 == 0) {
                loop.connectionOpened();
            }
            loop.exchangeBegan();
            loop.fromClient(100);
            loop.toNode(110);
            loop.fromNode(1000);
            loop.toClient(1010);
            if (i % 4 == 3) {
                loop.retried();
            }
            if (i >= 990) {
                loop.fault("node_unreachable");
                loop.exchangeEnded(i < 995 ? 502 : 0, 2_000_000, -1);
            } else {
                loop.exchangeEnded(i % 3 == 0 ? 304 : 200, 1_500_000, 700_000);
            }
            if (i % 20 == 0) {
                loop.connectionClosed();
            }
        }
        metrics.virtualServer("idle");

        Exposition page = read();

        String vs = "virtual_server";
        assertThat(page.value("weir_virtual_server_requests_total", vs, "web")).isEqualTo(1000);
        assertThat(page.value("weir_virtual_server_requests_total", vs, "idle")).isZero();
        assertThat(page.value("weir_virtual_server_connections_accepted_total", vs, "web"))
                .isEqualTo(100);
        assertThat(page.value("weir_virtual_server_connections", vs, "web")).isEqualTo(50);
        assertThat(page.value("weir_virtual_server_exchanges", vs, "web")).isZero();
        assertThat(page.value("weir_virtual_server_retries_total", vs, "web")).isEqualTo(250);
        String responses = "weir_virtual_server_responses_total";
        assertThat(page.value(responses, vs, "web", "code_class", "2xx")).isEqualTo(660);
        assertThat(page.value(responses, vs, "web", "code_class", "3xx")).isEqualTo(330);
        assertThat(page.value(responses, vs, "web", "code_class", "4xx")).isZero();
        assertThat(page.value(responses, vs, "web", "code_class", "5xx")).isEqualTo(5);
        assertThat(page.value(responses, vs, "web", "code_class", "none")).isEqualTo(5);
        String faults = "weir_virtual_server_faults_total";
        assertThat(page.value(faults, vs, "web", "reason", "node_unreachable")).isEqualTo(10);
        String received = "weir_virtual_server_received_bytes_total";
        assertThat(page.value(received, vs, "web", "side", "client")).isEqualTo(100_000);
        assertThat(page.value(received, vs, "web", "side", "node")).isEqualTo(1_000_000);
        String sent = "weir_virtual_server_sent_bytes_total";
        assertThat(page.value(sent, vs, "web", "side", "client")).isEqualTo(1_010_000);
        assertThat(page.value(sent, vs, "web", "side", "node")).isEqualTo(110_000);
        String duration = "weir_virtual_server_request_duration_seconds";
        assertThat(page.value(duration + "_count", vs, "web")).isEqualTo(1000);
        assertThat(page.value(duration + "_sum", vs, "web")).isEqualTo(1.505);
        assertThat(page.value(duration + "_bucket", vs, "web", "le", "0.001")).isZero();
        assertThat(page.value(duration + "_bucket", vs, "web", "le", "0.0025")).isEqualTo(1000);
        String firstByte = "weir_virtual_server_first_byte_duration_seconds";
        assertThat(page.value(firstByte + "_count", vs, "web")).isEqualTo(990);
    }

    @Test
    void histogramBucketsRiseToTheCount() throws IOException {
        VirtualServerCounts loop = metrics.virtualServer("web").onLoop(0);
        for (long nanos = 1000; nanos < 200_000_000_000L; nanos *= 2) {
            loop.exchangeBegan();
            loop.exchangeEnded(200, nanos, nanos);
        }

        List<Double> buckets =
                read().samples.stream()
                        .filter(s -> s.name().endsWith("request_duration_seconds_bucket"))
                        .map(Exposition.Sample::value)
                        .toList();

        assertThat(buckets).hasSize(19).isSorted();
        assertThat(buckets.getLast())
                .isEqualTo((double) metrics.virtualServer("web").duration().snapshot().count());
    }

    @Test
    void countsSurviveReloadAndRemovedObjectsLeaveThePage() throws IOException {
        metrics.virtualServer("web").onLoop(0).exchangeBegan();
        VirtualServerMetrics old = metrics.virtualServer("old");
        old.onLoop(0).fault("broken");

        metrics.retainVirtualServers(Set.of("web"));
        old.onLoop(0).fault("late"); // an exchange that began before the reload

        Exposition page = read();
        assertThat(page.value("weir_virtual_server_requests_total", "virtual_server", "web"))
                .isEqualTo(1);
        assertThat(page.samples).noneMatch(s -> s.labels().containsValue("old"));
        assertThat(metrics.registry().getNames()).noneMatch(name -> name.contains("old"));
        assertThat(metrics.virtualServer("web").requests()).isEqualTo(1);
        assertThat(metrics.virtualServer("old").requests()).isZero();
    }

    @Test
    void reasonsOfFaultsAreBounded() throws IOException {
        VirtualServerMetrics web = metrics.virtualServer("web");
        for (int i = 0; i < 1000; i++) {
            web.fault("reason_" + i);
        }

        List<Exposition.Sample> faults =
                read().samples.stream().filter(s -> s.name().contains("faults_total")).toList();

        assertThat(faults).hasSize(65);
        assertThat(faults.stream().mapToDouble(Exposition.Sample::value).sum()).isEqualTo(1000);
        assertThat(web.faults()).isEqualTo(1000);
    }

    @Test
    void hostileNamesComeBackAsTheyWere() throws IOException {
        List<String> names =
                List.of("a\"b", "c\\d", "e\nf", "g{h=\"i\"} 1", "\\n", "ü €", ",", "}", "");
        for (String name : names) {
            metrics.virtualServer(name).onLoop(0).exchangeBegan();
        }

        Exposition page = read();

        for (String name : names) {
            assertThat(page.value("weir_virtual_server_requests_total", "virtual_server", name))
                    .as(name)
                    .isEqualTo(1);
        }
    }

    @Test
    void openMetricsIsSpokenWhenItIsPreferred() throws IOException {
        metrics.virtualServer("web").onLoop(0).exchangeBegan();

        String page = page(OPEN_METRICS);

        assertThat(metrics.contentType(OPEN_METRICS))
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(page).endsWith("# EOF\n");
        assertThat(page).contains("# TYPE weir_virtual_server_requests counter\n");
        assertThat(page).contains("weir_virtual_server_requests_total{virtual_server=\"web\"} 1\n");
        assertThat(page).contains("le=\"1.0\"").doesNotContain("le=\"1\"");
        assertThat(
                        page.lines()
                                .filter(line -> line.startsWith("# TYPE"))
                                .map(l -> l.split(" ", -1)[2]))
                .doesNotHaveDuplicates();
    }

    @Test
    void plainTextIsSpokenToEverybodyElse() throws IOException {
        for (String accept :
                new @Nullable String[] {
                    null,
                    "",
                    "text/html",
                    "*/*",
                    "text/plain",
                    "application/openmetrics-text;version=2.0.0",
                    "application/openmetrics-text;q=0",
                    "application/openmetrics-text;q=0.3,text/plain;q=0.4",
                    "application/openmetrics-text;q=nonsense"
                }) {
            assertThat(metrics.contentType(accept))
                    .as(accept)
                    .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(page(accept)).as(accept).doesNotContain("# EOF");
        }
    }

    @Test
    void metricsOfOthersAreOnThePageToo() throws IOException {
        metrics.registry().counter("org.example.things").inc(3);
        metrics.registry().meter("org.example.marks").mark(4);
        metrics.registry().timer("calls{operation=\"add \\\"x\\\"\"}").update(2, TimeUnit.SECONDS);
        metrics.registry().register("org.example:name=7", (Gauge<Double>) () -> 0.25);
        metrics.registry().register("text", (Gauge<String>) () -> "not a number");
        metrics.registry().register("up", (Gauge<Boolean>) () -> true);
        Histogram sizes = metrics.registry().histogram("9sizes");
        sizes.update(10);

        Exposition page = read();

        assertThat(page.value("org_example_things")).isEqualTo(3);
        assertThat(page.value("org_example_marks_total")).isEqualTo(4);
        assertThat(page.value("calls_seconds_count", "operation", "add \"x\"")).isEqualTo(1);
        assertThat(page.value("calls_seconds", "operation", "add \"x\"", "quantile", "0.5"))
                .isEqualTo(2);
        assertThat(page.value("org_example_name_7")).isEqualTo(0.25);
        assertThat(page.value("up")).isEqualTo(1);
        assertThat(page.value("_9sizes_count")).isEqualTo(1);
        assertThat(page.has("text")).isFalse();
        assertThat(page.types).containsEntry("org_example_things", "gauge");
    }

    @Test
    void twoMetricsThatBecomeOneSeriesDoNotSpoilThePage() throws IOException {
        metrics.registry().counter("a.b").inc();
        metrics.registry().counter("a-b").inc();
        metrics.registry().meter("a_b_total").mark();
        metrics.registry().timer("weir_virtual_server_requests_total");
        metrics.virtualServer("web").onLoop(0).exchangeBegan();

        Exposition page = read(); // fails on duplicates by itself

        assertThat(page.value("a_b")).isEqualTo(1);
        assertThat(page.value("a_b_total")).isEqualTo(1);
        // Without its suffix the counter is called as the gauge is.
        assertThat(page(OPEN_METRICS)).contains("# TYPE a_b gauge").doesNotContain("# TYPE a_b c");
    }

    @Test
    void figuresThatCannotBeReadDoNotSpoilThePage() throws IOException {
        Gauge<Integer> broken =
                () -> {
                    throw new IllegalStateException("broken");
                };
        metrics.registry().register("broken", broken);
        metrics.registry().counter("whole").inc();
        metrics.addSource(
                sink -> {
                    throw new IllegalStateException("broken");
                });

        assertThat(read().value("whole")).isEqualTo(1);
    }

    @Test
    void sourcesAreAskedForEachPage() throws IOException {
        MetricFamily family = MetricFamily.gauge("answers", "Some.", "kind");
        double[] value = {1};
        metrics.addSource(sink -> sink.sample(family, value[0], "a"));

        assertThat(read().value("answers", "kind", "a")).isEqualTo(1);
        value[0] = Double.POSITIVE_INFINITY;
        assertThat(read().value("answers", "kind", "a")).isInfinite();
        value[0] = Double.NaN;
        assertThat(read().value("answers", "kind", "a")).isNaN();
        value[0] = 1.5e300;
        assertThat(read().value("answers", "kind", "a")).isEqualTo(1.5e300);
    }

    @Test
    void familiesFollowTheNamingRules() {
        Set<String> names = new HashSet<>();
        for (MetricFamily family : CoreFamilies.all()) {
            assertThat(names.add(family.name())).as(family.name()).isTrue();
            assertThat(family.name()).startsWith("weir_");
            assertThat(family.help()).endsWith(".");
            if (family.type() == MetricFamily.Type.HISTOGRAM) {
                assertThat(family.name()).endsWith("_seconds");
            }
        }
        assertThatThrownBy(() -> MetricFamily.counter("weir_things", "Things."))
                .hasMessageContaining("_total");
        assertThatThrownBy(() -> MetricFamily.gauge("weir_things_total", "Things."))
                .hasMessageContaining("_total");
        assertThatThrownBy(() -> MetricFamily.gauge("weir-things", "Things."))
                .hasMessageContaining("weir-things");
        assertThatThrownBy(() -> MetricName.of(CoreFamilies.VS_REQUESTS))
                .hasMessageContaining("virtual_server");
    }

    @Test
    void theReferenceNamesEveryFamily() throws IOException {
        String reference = Files.readString(Path.of("..", "docs", "metrics.md"));

        for (MetricFamily family : CoreFamilies.all()) {
            assertThat(reference)
                    .contains("| `%s` | %s |".formatted(family.name(), family.type().keyword()));
        }
    }

    @Test
    void dropwizardReportersReadTheSameFiguresAndCannotChangeThem() {
        VirtualServerCounts loop = metrics.virtualServer("web").onLoop(1);
        loop.exchangeBegan();
        loop.exchangeEnded(200, 5_000_000, 1_000_000);

        Counter counter =
                metrics.registry()
                        .counter("weir_virtual_server_requests_total{virtual_server=\"web\"}");
        Histogram histogram =
                metrics.registry()
                        .histogram(
                                "weir_virtual_server_request_duration_seconds{virtual_server=\"web\"}");

        assertThat(counter.getCount()).isEqualTo(1);
        assertThat(histogram.getCount()).isEqualTo(1);
        assertThat(histogram.getSnapshot().getMedian() / 5_000_000).isBetween(0.99, 1.01);
        assertThatThrownBy(counter::inc).isInstanceOf(UnsupportedOperationException.class);
    }
}
