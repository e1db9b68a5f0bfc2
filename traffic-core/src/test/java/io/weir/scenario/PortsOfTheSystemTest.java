package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.ArrayList;
import java.util.List;

/** Port 0 has the system choose a port, for each virtual server and each address another one. */
class PortsOfTheSystemTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void everyPortZeroIsAPortOfItsOwnAndStaysWhenOthersGo() {
        FakeNode one = WEIR.node("one");
        FakeNode two = WEIR.node("two");
        String first = "  first: {listen: [\"127.0.0.1:0\", \"127.0.0.1:0\"], pool: one}\n";
        String second = "  second: {listen: \"127.0.0.1:0\", pool: two}\n";
        String pools =
                "pools: {one: {nodes: ["
                        + one.address()
                        + "]}, two: {nodes: ["
                        + two.address()
                        + "]}}\n";

        RunningWeir weir = WEIR.start("virtual-servers:\n" + first + second + pools);

        List<Integer> ports = ports(weir);
        assertThat(ports).hasSize(3).doesNotHaveDuplicates();
        assertThat(ports.stream().map(PortsOfTheSystemTest::served))
                .containsExactly("one", "one", "two");

        weir.apply("virtual-servers:\n" + second + pools);

        assertThat(ports(weir)).containsExactly(ports.get(2));
        assertThat(served(ports.get(2))).isEqualTo("two");
    }

    private static List<Integer> ports(RunningWeir weir) {
        List<Integer> ports = new ArrayList<>();
        weir.plane().status().virtualServers().stream()
                .flatMap(server -> server.listen().stream())
                .map(address -> address.substring(address.lastIndexOf(':') + 1))
                .forEach(port -> ports.add(Integer.valueOf(port)));
        return ports;
    }

    private static String served(int port) {
        return WEIR.closing(RawClient.to(port)).exchange(GET).field("X-Node");
    }
}
