package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.store.Json;
import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Command line, REST and SOAP say the same about a node that is to be taken. */
class SafeEverywhereTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "rain on the tin roof";
    private static final Pattern PORT = Pattern.compile("at port ([0-9]+)");

    @TempDir Path home;

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch end = new CountDownLatch(1);
    private String base = "";

    private void answerAtTheEnd(NodeConnection connection) throws IOException {
        if (connection.head() != null) {
            try {
                assertThat(end.await(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }

    private String send(HttpRequest.Builder request) {
        String credentials = "admin:" + PASSWORD;
        try {
            HttpResponse<String> answer =
                    client.send(
                            request.timeout(PATIENCE)
                                    .header(
                                            "Authorization",
                                            "Basic "
                                                    + Base64.getEncoder()
                                                            .encodeToString(
                                                                    credentials.getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String soap(String operation, String parameters) {
        String message =
                "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><n:"
                        + operation
                        + " xmlns:n=\"http://soap.zeus.com/zxtm/1.0/Pool/\">"
                        + parameters
                        + "</n:"
                        + operation
                        + "></e:Body></e:Envelope>";
        return send(HttpRequest.newBuilder(URI.create(base + "/soap"))
                        .header("Content-Type", "text/xml")
                        .POST(HttpRequest.BodyPublishers.ofString(message)))
                .replaceAll("<[^>]*>", "")
                .strip();
    }

    private static String items(String... texts) {
        return "<p><i>" + String.join("</i><i>", texts) + "</i></p>";
    }

    private void decide(String operation, FakeNode node) {
        soap(operation, items("web") + "<p>" + items(node.address()) + "</p>");
    }

    private Map<String, @Nullable Object> rest(FakeNode node) {
        return Json.readObject(
                send(
                        HttpRequest.newBuilder(
                                URI.create(base + "/api/v1/nodes/" + node.address() + "/safety"))));
    }

    private void assertAllSay(Installation weir, FakeNode node, String safe, int there)
            throws Exception {
        Map<String, @Nullable Object> rest = rest(node);
        assertThat(rest)
                .containsEntry("safe", safe)
                .hasEntrySatisfying(
                        "in-flight", n -> assertThat(n).hasToString(Integer.toString(there)));
        Map<String, @Nullable Object> command =
                Json.readObject(weir.weir("safe", node.address(), "-o", "json").out());
        for (String key : new String[] {"node", "safe", "in-flight"}) {
            assertThat(String.valueOf(command.get(key))).isEqualTo(String.valueOf(rest.get(key)));
        }
        assertThat(soap("getNodesConnectionCounts", items(node.address())))
                .isEqualTo(Integer.toString(there));
    }

    @Test
    void saysTheSameWhileARequestIsThereAndAfterIt() throws Exception {
        Installation installed = new Installation(home);
        try (FakeNode one = FakeNode.start("one", this::answerAtTheEnd);
                FakeNode two = FakeNode.answering("two")) {
            Path file =
                    Files.writeString(
                            home.resolve("weir.yaml"),
                            """
                            virtual-servers:
                              web: {listen: "127.0.0.1:0", pool: web}
                            pools:
                              web: {nodes: ["%s", "%s"]}
                            global:
                              metrics: off
                              admin: {listen: "127.0.0.1:0", tls: false}
                            """
                                    .formatted(one.address(), two.address()));
            Path secret = Files.writeString(home.resolve("secret"), PASSWORD + "\n");
            try (Installation.Running weir = installed.run(file);
                    RawClient asking = RawClient.to(weir.address())) {
                Await.until(
                        "the admin server",
                        PATIENCE,
                        () -> PORT.matcher(weir.out() + weir.err()).find());
                Matcher port = PORT.matcher(weir.out() + weir.err());
                assertThat(port.find()).isTrue();
                base = "http://127.0.0.1:" + port.group(1);
                assertThat(
                                installed
                                        .weir(
                                                "user",
                                                "passwd",
                                                "admin",
                                                "--password-file",
                                                secret.toString())
                                        .code())
                        .isZero();

                decide("addDrainingNodes", two);
                asking.send(RunningExample.request("/"));
                Await.until("the request", PATIENCE, () -> one.connections() > 0);
                decide("removeDrainingNodes", two);
                decide("addDrainingNodes", one);
                Await.until(
                        "the request is seen",
                        PATIENCE,
                        () -> "1".equals(String.valueOf(rest(one).get("in-flight"))));
                assertAllSay(installed, one, "after", 1);

                end.countDown();
                Await.until(
                        "its end",
                        PATIENCE,
                        () -> "0".equals(String.valueOf(rest(one).get("in-flight"))));
                assertAllSay(installed, one, "yes", 0);
            }
        }
    }
}
