package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A running Weir tells when the certificates that it uses come to their end. */
class CertificateExpiryTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path directory;

    @Test
    void tellsOfEveryCertificateThatIsInUseAndOfNoOther() {
        TestCa ca = new TestCa("ca");
        ca.issue("a.example").write(directory, "a");
        ca.issue("unused.example").write(directory, "b");
        ca.issueExpired("c.example").write(directory, "c");
        RunningWeir weir = WEIR.start(config("a"));
        Await.until(
                "the event of a certificate with 20 days left",
                Duration.ofSeconds(10),
                () -> !texts(weir, EventTag.VSSSLCERTTOEXPIRE).isEmpty());
        assertThat(texts(weir, EventTag.VSSSLCERTTOEXPIRE))
                .singleElement()
                .asString()
                .contains("the certificate 'CN=a.example' expires at ");

        weir.apply(config("c").toString());
        Await.until(
                "the event of an expired certificate",
                Duration.ofSeconds(10),
                () -> !texts(weir, EventTag.VSSSLCERTEXPIRED).isEmpty());
        assertThat(texts(weir, EventTag.VSSSLCERTEXPIRED))
                .singleElement()
                .asString()
                .contains("the certificate 'CN=c.example' expired at ");
    }

    private ConfigText config(String name) {
        String file = directory.resolve(name).toString();
        return ConfigText.of(WEIR.node("n"))
                .virtualServer("tls: {certificate: " + file + ".pem, key: " + file + ".key}");
    }

    private static List<String> texts(RunningWeir weir, EventTag tag) {
        return weir.events().stream().filter(event -> event.tag() == tag).map(Event::text).toList();
    }

    @Test
    void tellsOfWhatWeirShowsToNodesAndOfThoseWhoVouchForThem() {
        TestCa ca = new TestCa("nodes");
        ca.write(directory.resolve("ca.pem"));
        new TestCa("own").issue("weir.example").write(directory, "weir");
        String file = directory.resolve("weir").toString();
        String tls =
                "tls: {enabled: true, ca-file: "
                        + directory.resolve("ca.pem")
                        + ", certificate: "
                        + file
                        + ".pem, key: "
                        + file
                        + ".key}";
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(WEIR.node("n")).pool(tls).anotherPool("b", "nodes: []", tls));
        Await.until("the events", () -> count(weir, "weir.example", "nodes"));
        assertThat(weir.events())
                .filteredOn(event -> event.text().contains("weir.example"))
                .singleElement()
                .satisfies(
                        event ->
                                assertThat(event.objects())
                                        .containsExactlyInAnyOrder(
                                                ObjectRef.pool("web"), ObjectRef.pool("b")));
    }

    private static boolean count(RunningWeir weir, String... names) {
        return List.of(names).stream()
                .allMatch(
                        name ->
                                weir.events().stream()
                                        .anyMatch(event -> event.text().contains(name)));
    }
}
