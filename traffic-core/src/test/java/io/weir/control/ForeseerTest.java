package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.explain.Foresight;
import io.weir.explain.Foresight.End;
import io.weir.explain.KeptExchange.Candidate;
import io.weir.explain.RequestQuestion;
import io.weir.pool.BreakerStatus;
import io.weir.runtime.DataPlane;
import io.weir.runtime.DataPlane.NodeView;
import io.weir.runtime.DataPlane.PoolStatus;
import io.weir.runtime.DataPlane.VirtualServerStatus;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ForeseerTest {

    private static final String TEXT =
            """
            virtual-servers:
              shop:
                listen: :8080
                pool: web
                protection: guard
              other:
                listen: ["127.0.0.1:0", ":8081"]
                pool: spare
              carried:
                listen: :8443
                protocol: tls-passthrough
                pool: web
                protection: guard
                routes:
                  - {sni: "*.b.example", pool: spare}
            pools:
              web:
                failure-pool: spare
                priority-nodes: 1
                nodes:
                  - {address: "10.0.0.1:80", state: disabled}
                  - {address: "10.0.0.2:80", priority: 5}
                  - {address: "10.0.0.3:80", priority: 1}
              spare:
                nodes: ["10.0.9.1:80"]
            protection-classes:
              guard:
                banned: [192.0.2.0/24]
            """;

    private static final WeirConfig CONFIG = config();

    private static WeirConfig config() {
        Path name = Path.of("weir.yaml");
        Loaded loaded = ConfigLoader.parse(TEXT, name, Environment.of(Map.of(), name));
        assertThat(loaded.errors()).isEmpty();
        return Objects.requireNonNull(loaded.config());
    }

    private static Foresight ask(
            String request, @Nullable String client, DataPlane.@Nullable Status seen)
            throws RefusedException {
        return Foreseer.of(
                RequestQuestion.of(
                        request,
                        List.of(),
                        client == null ? null : InetAddress.ofLiteral(client),
                        null),
                CONFIG,
                Overlay.EMPTY,
                seen,
                () -> null);
    }

    private static List<String> open(Foresight of) {
        return of.candidates().stream().filter(Candidate::chosen).map(Candidate::node).toList();
    }

    private static NodeView node(String name, String health) {
        return new NodeView(
                name,
                "active",
                health,
                "connection refused",
                false,
                1,
                5,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                -1,
                null,
                null,
                null);
    }

    @Test
    void theServerAtThePortAndTheNodesOfThePriorityInUseAreNamed() throws Exception {
        Foresight x = ask("GET http://shop.example:8080/cart?id=1", "198.51.100.1", null);
        assertThat(x.virtualServer()).isEqualTo("shop");
        assertThat(x.end()).isEqualTo(End.NODE);
        assertThat(x.pool()).isEqualTo("web");
        assertThat(open(x)).containsExactly("10.0.0.2:80");
        assertThat(x.candidates())
                .extracting(Candidate::why)
                .containsExactlyInAnyOrder(
                        "is open", "is disabled", "has a lower priority than is in use");
        assertThat(x.text()).isEqualTo("the only node that is open gets it");
    }

    @Test
    void aBannedClientIsRefusedAndAPortOfNobodyIsSaidToBeOne() throws Exception {
        Foresight banned = ask("http://shop.example:8080/", "192.0.2.7", null);
        assertThat(banned.end()).isEqualTo(End.REFUSED);
        assertThat(banned.text()).isEqualTo("protection class guard refuses it");
        assertThat(banned.candidates()).isEmpty();
        assertThat(ask("https://www.b.example:8443/", "192.0.2.7", null).text())
                .isEqualTo("protection class guard refuses it");
        assertThat(ask("https://shop.example:8080/", null, null).end()).isEqualTo(End.NOWHERE);
        assertThat(ask("http://shop.example/", null, null).text())
                .isEqualTo("no virtual server listens for http at port 80");
    }

    @Test
    void aPoolWhoseCircuitBreakerIsOpenIsLeftAlone() throws Exception {
        PoolStatus web =
                new PoolStatus(
                        "web",
                        "round-robin",
                        true,
                        0,
                        "spare",
                        new BreakerStatus("open", "4 of 4 requests failed", null),
                        null,
                        List.of(node("10.0.0.2:80", "up")));
        PoolStatus spare =
                new PoolStatus(
                        "spare",
                        "round-robin",
                        true,
                        0,
                        null,
                        null,
                        null,
                        List.of(node("10.0.9.1:80", "up")));
        VirtualServerStatus shop =
                new VirtualServerStatus("shop", List.of("*:4711"), "web", 0, 0, 0, 0, null);
        DataPlane.Status seen =
                new DataPlane.Status(1, List.of(shop), List.of(web, spare), 10, 100);
        Foresight x = ask("http://shop.example:4711/", null, seen);
        assertThat(open(x)).containsExactly("10.0.9.1:80");
        assertThat(x.candidates().getFirst().why())
                .startsWith("is left alone: the pool's circuit breaker is open; ");
    }

    @Test
    void aPoolWithoutAnOpenNodeHandsOverToItsFailurePool() throws Exception {
        DataPlane.Status seen =
                new DataPlane.Status(
                        1,
                        List.of(
                                new VirtualServerStatus(
                                        "shop", List.of("*:4711"), "web", 0, 0, 0, 0, null)),
                        List.of(
                                new PoolStatus(
                                        "web",
                                        "round-robin",
                                        false,
                                        0,
                                        "spare",
                                        null,
                                        null,
                                        List.of(node("10.0.0.2:80", "down"))),
                                new PoolStatus(
                                        "spare",
                                        "round-robin",
                                        true,
                                        0,
                                        null,
                                        null,
                                        null,
                                        List.of(node("10.0.9.1:80", "up")))),
                        10,
                        100);
        Foresight x = ask("http://shop.example:4711/", null, seen);
        assertThat(x.listener()).isEqualTo("*:4711");
        assertThat(open(x)).containsExactly("10.0.9.1:80");
        assertThat(x.candidates().getFirst().why()).isEqualTo("has failed: connection refused");
    }

    @Test
    void aServiceThatCarriesTlsIsRoutedByTheHost() throws Exception {
        assertThat(ask("https://www.b.example:8443/", null, null).pool()).isEqualTo("spare");
        assertThat(ask("https://www.c.example:8443/", null, null).pool()).isEqualTo("web");
    }

    @Test
    void whatIsNoRequestIsRefusedWithWhatWasExpected() {
        for (String wrong : List.of("", "GET /", "ftp://a/", "GET http://", "get http://a/ b")) {
            assertThatThrownBy(() -> RequestQuestion.of(wrong, List.of(), null, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected such as GET http://a.example/path");
        }
        assertThatThrownBy(
                        () -> RequestQuestion.of("http://a/", List.of("X: a\r\nY: b"), null, null))
                .hasMessageContaining("header field");
    }
}
