package io.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** TLS that is carried unopened goes where its opening message says. */
class PassthroughTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    /** A node that answers with its name and keeps what it got. */
    private static FakeNode node(String name) {
        return WEIR.node(
                name,
                connection -> {
                    connection.some(1);
                    connection.send(connection.node().name());
                    connection.drain();
                });
    }

    private static byte[] hello(String name, String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (!name.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static String answer(RunningWeir weir, byte[] opening) {
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(opening).halfClose();
            return new String(client.rest(), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    private static ConfigText config(FakeNode web, FakeNode a, FakeNode h2, String... more) {
        StringBuilder routes = new StringBuilder("routes: [");
        routes.append("{sni: deep.a.example, alpn: h2, pool: h2}, {sni: '*.a.example', pool: a}");
        for (String route : more) {
            routes.append(", ").append(route);
        }
        return ConfigText.of(web)
                .virtualServer("protocol: tls-passthrough", routes.append(']').toString())
                .anotherPool("a", "nodes: [" + a.address() + "]")
                .anotherPool("h2", "nodes: [" + h2.address() + "]");
    }

    @Test
    void theNameAndTheProtocolsDecideAboutThePool() throws Exception {
        FakeNode web = node("web");
        FakeNode a = node("a");
        FakeNode h2 = node("h2");
        RunningWeir weir = WEIR.start(config(web, a, h2));
        assertThat(answer(weir, hello("x.a.example"))).isEqualTo("a");
        assertThat(answer(weir, hello("X.Y.A.EXAMPLE", "h2"))).isEqualTo("a");
        assertThat(answer(weir, hello("deep.a.example", "h2", "http/1.1"))).isEqualTo("h2");
        assertThat(answer(weir, hello("deep.a.example", "http/1.1"))).isEqualTo("a");
        assertThat(answer(weir, hello("a.example"))).isEqualTo("web");
        assertThat(answer(weir, hello("nota.example"))).isEqualTo("web");
        assertThat(answer(weir, hello(""))).isEqualTo("web");
        NodeConnection seen = h2.connectionLog().getFirst();
        assertThat(seen.transcript()).as("what the node got").startsWith(22, 3);
    }

    @Test
    void whatTheNodeGetsIsWhatTheClientSentWhereverItIsCut() throws Exception {
        FakeNode a = node("a");
        RunningWeir weir = WEIR.start(config(node("web"), a, node("h2")));
        byte[] opening = hello("x.a.example");
        for (int at = 1; at < opening.length; at += 7) {
            try (RawClient client = RawClient.to(weir.port())) {
                client.sendCut(opening, Thread::yield, at);
                assertThat(client.exactly(1)).isEqualTo("a");
                client.halfClose();
                client.rest();
            }
        }
        a.settle();
        assertThat(a.connectionLog())
                .allSatisfy(c -> assertThat(c.transcript()).isEqualTo(opening));
    }

    @Test
    void whatIsNoTlsIsClosedUnlessARouteTakesIt() throws Exception {
        byte[] plain = "SSH-2.0-x\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        FakeNode web = node("web");
        FakeNode a = node("a");
        FakeNode h2 = node("h2");
        RunningWeir strict = WEIR.start(config(web, a, h2));
        assertThat(answer(strict, plain)).isEmpty();
        assertThat(answer(strict, new byte[] {22, 3, 1, 0, 4, 2, 0, 0, 0})).isEmpty();
        assertThat(web.connections() + a.connections() + h2.connections()).isZero();

        RunningWeir open = WEIR.start(config(web, a, h2, "{tls: false, pool: a}"));
        assertThat(answer(open, plain)).isEqualTo("a");
        assertThat(answer(open, hello("b.example"))).isEqualTo("web");
    }
}
