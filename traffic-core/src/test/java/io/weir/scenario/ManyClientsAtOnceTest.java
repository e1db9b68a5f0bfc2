package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** More clients on one event loop than are sent to in one go: each gets every answer. */
class ManyClientsAtOnceTest {

    private static final int CLIENTS = 150;
    private static final int REQUESTS = 100;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void everyRequestIsAnswered(String transport) throws InterruptedException {
        FakeNode one = WEIR.node("one");
        FakeNode two = WEIR.node("two");
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(one, two)
                                .global("event-loops: 1", "transport: " + transport));
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(() -> ask(weir.port(), failures)));
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
    }

    private static void ask(int port, Queue<String> failures) {
        try (RawClient client = RawClient.to(port)) {
            for (int i = 0; i < REQUESTS; i++) {
                int status = client.exchange("GET / HTTP/1.1\r\nHost: w.test\r\n\r\n").status();
                if (status != 200) {
                    failures.add("request " + i + ": " + status);
                }
            }
        } catch (RuntimeException | AssertionError e) {
            failures.add(e.toString());
        }
    }
}
