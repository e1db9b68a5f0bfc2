package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MonitorsOfNamedNodesTest {

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
}
