package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What monitors find reaches the pools. */
class MonitorsAtWorkTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void aNodeIsCheckedAtTheAddressesWhereItsRequestsGo() {
        FakeNode node = WEIR.node("named");
        String name = "node.test:" + node.port();
        RunningWeir weir =
                WEIR.start(
                        ConfigText.ofNodes(name).pool("monitors: [up]")
                                + "monitors:\n  up: {type: connect, delay: 1s, failures: 1}\n");

        Await.until("a verdict", () -> !weir.node(name).health().equals("unchecked"));

        assertThat(weir.node(name).health()).as(weir.node(name).cause()).isEqualTo("up");
    }

    @Test
    void anotherScopeOfAMonitorEndsWhatItSaidBefore() {
        FakeNode node = WEIR.node("well");
        FakeNode machine =
                WEIR.node(
                        "sick", Behaviour.saying("HTTP/1.1 500 Sick\r\nContent-Length: 0\r\n\r\n"));
        ConfigText pool = ConfigText.of(node).pool("monitors: [up]");
        String up = "monitors:\n  up: {type: http, delay: 1s, failures: 1";
        RunningWeir weir =
                WEIR.start(
                        pool + up + ", scope: pool-wide, machine: '" + machine.address() + "'}\n");
        Await.until("no service", () -> weir.events().stream().anyMatch(MonitorsAtWorkTest::died));

        weir.apply(pool + up + "}\n");

        // The node itself was well all the time, so that says nothing of the pool.
        Await.until("service", () -> get(weir) == 200);
    }

    private static int get(RunningWeir weir) {
        try (RawClient client = RawClient.to(weir.port())) {
            return client.exchange("GET / HTTP/1.1\r\nHost: weir.test\r\n\r\n").status();
        }
    }

    private static boolean died(Event event) {
        return event.tag() == EventTag.POOLDIED;
    }
}
