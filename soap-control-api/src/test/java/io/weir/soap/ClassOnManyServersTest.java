package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.runtime.DataPlane;
import io.weir.testkit.RawClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One call changes a class, and that is in force on all virtual servers that name it. */
class ClassOnManyServersTest {

    private static final int SERVERS = 20;

    @TempDir Path directory;
    private SoapRig rig;
    private List<Integer> ports;

    @BeforeEach
    void start() throws Exception {
        StringBuilder text = new StringBuilder("virtual-servers:\n");
        for (int i = 0; i < SERVERS; i++) {
            text.append("  s").append(i).append(": {listen: \"127.0.0.1:0\", pool: web,");
            text.append(" protection: guard, rate: pace, bandwidth: link}\n");
        }
        // Nobody listens at port 1 of the second address: who gets past the class is told so.
        text.append("pools: {web: {nodes: [\"127.0.0.2:1\"]}}\n");
        text.append("protection-classes: {guard: {}}\n");
        text.append("rate-classes: {pace: {max-rate-per-second: 1000}}\n");
        text.append("bandwidth-classes: {link: {maximum: 20000}}\n");
        rig = SoapRig.managed(directory, text.toString());
        ports = new ArrayList<>();
        for (DataPlane.VirtualServerStatus server : plane().virtualServers()) {
            String address = server.listen().getFirst();
            ports.add(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        }
        assertThat(ports).hasSize(SERVERS).doesNotHaveDuplicates();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private DataPlane.Status plane() {
        return rig.control.status().plane();
    }

    private static int status(int port) {
        try (RawClient client = RawClient.to(port)) {
            return client.exchange("GET /123456 HTTP/1.1\r\nHost: a.example\r\n\r\n").status();
        }
    }

    @Test
    void whenTheCallHasBeenAnsweredTheLimitHoldsEverywhere() {
        assertThat(ports).allSatisfy(port -> assertThat(status(port)).isNotEqualTo(414));

        Answers.texts(rig.call("Catalog.Protection.setMaxHTTPURLLength", list("guard"), list("6")));
        assertThat(ports).allSatisfy(port -> assertThat(status(port)).isEqualTo(414));

        Answers.texts(rig.call("Catalog.Protection.setTesting", list("guard"), list("true")));
        assertThat(ports).allSatisfy(port -> assertThat(status(port)).isNotEqualTo(414));

        Answers.texts(
                rig.call(
                        "Catalog.Protection.addBannedAddresses",
                        list("guard"),
                        lists("127.0.0.1")));
        Answers.texts(rig.call("Catalog.Protection.setTesting", list("guard"), list("false")));
        assertThat(ports)
                .allSatisfy(
                        port -> {
                            // The kernel hands a connection on when something comes over it.
                            try (RawClient client = RawClient.to(port)) {
                                client.trySend("GET /".getBytes(StandardCharsets.US_ASCII));
                                assertThat(client.closedByPeer()).isTrue();
                            }
                        });
    }

    @Test
    void figuresOfRateAndBandwidthClassesAreThoseThatWereSet() {
        Answers.texts(rig.call("Catalog.Rate.setMaxRatePerSecond", list("pace"), list("7")));
        Answers.texts(rig.call("Catalog.Rate.setMaxRatePerMinute", list("pace"), list("60")));
        Answers.texts(rig.call("Catalog.Bandwidth.setMaximum", list("link"), list("123")));
        DataPlane.ClassStatus now = plane().classes();
        assertThat(now.rates().getFirst().maxRatePerSecond()).isEqualTo(7);
        assertThat(now.rates().getFirst().maxRatePerMinute()).isEqualTo(60);
        assertThat(now.bandwidth().getFirst().maximum()).isEqualTo(123);
        assertThat(Answers.texts(rig.call("Catalog.Bandwidth.getMaximum", list("link"))))
                .isEqualTo("[123]");
    }
}
