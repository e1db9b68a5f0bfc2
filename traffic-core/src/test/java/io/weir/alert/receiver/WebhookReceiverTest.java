package io.weir.alert.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.ActionConfig.Webhook;
import io.weir.config.Secret;
import io.weir.control.store.Json;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.testkit.HttpReceiver;
import io.weir.testkit.TestCa;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class WebhookReceiverTest {

    @TempDir Path directory;

    private final HttpReceiver server = HttpReceiver.start();

    @AfterEach
    void close() {
        server.close();
    }

    private Webhook settings(Webhook.Format format, @Nullable String template) {
        return new Webhook(
                null,
                new Secret(server.url("/hook/T0K3N")),
                format,
                template,
                "application/json",
                List.of("X-Team: web"),
                format == Webhook.Format.SLACK ? null : new Secret("the-token"),
                format == Webhook.Format.GENERIC ? new Secret("key") : null,
                null);
    }

    private void send(Webhook settings, Alert... alerts) throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver(settings, "machine")) {
            for (Alert alert : alerts) {
                receiver.send(List.of(alert));
            }
        }
    }

    private Map<String, @Nullable Object> document(int index) {
        return Json.readObject(server.received().get(index).body());
    }

    @Test
    void theOwnDocumentHasEveryPartAndASignature() throws Exception {
        send(settings(Webhook.Format.GENERIC, null), Alerts.nodefail());

        HttpReceiver.Received received = server.received().getFirst();
        assertThat(document(0))
                .containsEntry("machine", "machine")
                .containsEntry("severity", "serious")
                .containsEntry("tag", "nodefail")
                .containsEntry("text", Alerts.nodefail().event().text())
                .containsEntry("event-type", "trouble")
                .containsEntry("state", "problem")
                .containsEntry("key", "machine:nodefail:pools/web,nodes/a:80")
                .containsEntry(
                        "objects",
                        List.of(
                                Map.of("type", "pools", "name", "web"),
                                Map.of("type", "nodes", "name", "a:80")));
        assertThat(received.fields())
                .containsEntry("x-team", "web")
                .containsEntry("authorization", "Bearer the-token");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signed =
                received.fields().get("webhook-id")
                        + "."
                        + received.fields().get("webhook-timestamp")
                        + "."
                        + received.body();
        assertThat(received.fields().get("webhook-signature"))
                .isEqualTo(
                        "v1,"
                                + Base64.getEncoder()
                                        .encodeToString(
                                                mac.doFinal(
                                                        signed.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void aTemplateIsFilled() throws Exception {
        send(
                settings(
                        Webhook.Format.GENERIC,
                        "{\"t\": {{text:json}}, \"q\": \"{{text:url}}\", \"o\": \"{{object}}\","
                                + " \"s\": \"{{ state }}\"}"),
                Alerts.nodefail());

        assertThat(document(0))
                .containsEntry("t", "Node a:80 has failed: größer <&> \"x\"")
                .containsEntry("q", "Node+a%3A80+has+failed%3A+gr%C3%B6%C3%9Fer+%3C%26%3E+%22x%22")
                .containsEntry("o", "web")
                .containsEntry("s", "problem");
    }

    @Test
    void slackGetsOneMessagePerEvent() throws Exception {
        send(settings(Webhook.Format.SLACK, null), Alerts.nodefail(), Alerts.nodeworking());

        assertThat(server.received()).hasSize(2);
        assertThat(String.valueOf(document(0).get("text")))
                .startsWith(":red_circle: *nodefail* ")
                .contains("größer &lt;&amp;&gt;")
                .contains("machine · pools/web,nodes/a:80");
        assertThat(String.valueOf(document(1).get("text"))).startsWith(":large_green_circle:");
    }

    @Test
    void pagerDutyOpensAndClosesOneIncident() throws Exception {
        send(
                settings(Webhook.Format.PAGERDUTY, null),
                Alerts.nodefail(),
                Alerts.of(EventTag.CONFMOD, "not for a pager"),
                Alerts.nodeworking(),
                Alerts.of(EventTag.TESTACTION, "test"),
                Alerts.of(
                        EventTag.SLMFALLENBELOWWARN,
                        "slow",
                        ObjectRef.serviceLevel("gold"),
                        ObjectRef.node("a:80")),
                Alerts.of(EventTag.SLMRECOVEREDWARN, "fast", ObjectRef.serviceLevel("gold")));

        assertThat(server.received()).hasSize(6);
        assertThat(document(5))
                .as("the nodes that were slow make no other incident")
                .containsEntry("event_action", "resolve")
                .containsEntry("dedup_key", document(4).get("dedup_key"));
        assertThat(document(0))
                .containsEntry("routing_key", "the-token")
                .containsEntry("event_action", "trigger");
        assertThat(Json.write(document(0).get("payload")))
                .startsWith("{\"summary\":\"machine: Node a:80 has failed: größer <&> ")
                .contains("\"source\":\"machine\",\"severity\":\"error\"")
                .contains("\"class\":\"nodefail\"");
        assertThat(document(1))
                .containsEntry("event_action", "resolve")
                .containsEntry("dedup_key", document(0).get("dedup_key"));
        assertThat(document(2)).containsEntry("event_action", "trigger");
        assertThat(document(3))
                .containsEntry("event_action", "resolve")
                .containsEntry("dedup_key", document(2).get("dedup_key"));
        assertThat(server.received().getFirst().fields()).doesNotContainKey("authorization");
    }

    @Test
    void opsgenieOpensAndClosesOneAlert() throws Exception {
        send(
                settings(Webhook.Format.OPSGENIE, null),
                Alerts.nodefail(),
                Alerts.of(EventTag.CONFMOD, "not for anybody"),
                Alerts.nodeworking());

        assertThat(server.received()).hasSize(2);
        assertThat(document(0))
                .containsEntry("alias", "machine:nodefail:pools/web,nodes/a:80")
                .containsEntry("priority", "P2");
        HttpReceiver.Received close = server.received().get(1);
        assertThat(close.path())
                .isEqualTo(
                        "/hook/T0K3N/machine%3Anodefail%3Apools%2Fweb%2Cnodes%2Fa%3A80/close"
                                + "?identifierType=alias");
        assertThat(close.fields()).containsEntry("authorization", "GenieKey the-token");
    }

    @Test
    void aSecretUrlIsInNoMessage() throws Exception {
        server.answer(404, "no such hook");
        assertThatThrownBy(() -> send(settings(Webhook.Format.SLACK, null), Alerts.nodefail()))
                .isInstanceOf(UndeliverableException.class)
                .hasMessageContaining("404: no such hook")
                .hasMessageNotContaining("T0K3N");
        Webhook malformed =
                new Webhook(
                        null,
                        new Secret("https://a.example/T0K3N|\\"),
                        Webhook.Format.SLACK,
                        null,
                        "application/json",
                        List.of(),
                        null,
                        null,
                        null);
        assertThatThrownBy(() -> send(malformed, Alerts.nodefail()))
                .isInstanceOf(UndeliverableException.class)
                .hasMessageNotContaining("T0K3N");
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        server.answer(307, "Location", server.url("/elsewhere"));
        assertThatThrownBy(() -> send(settings(Webhook.Format.SLACK, null), Alerts.nodefail()))
                .isInstanceOf(UndeliverableException.class);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void theCertificateIsAlwaysChecked() throws Exception {
        TestCa ca = new TestCa("Hook CA");
        TestCa.Issued issued = ca.issue("127.0.0.1").write(directory, "server");
        try (HttpReceiver secured = HttpReceiver.start(issued.context(ca))) {
            send(over(secured, directory.resolve("server.pem")), Alerts.nodefail());
            assertThat(secured.received()).hasSize(1);
            assertThatThrownBy(() -> send(over(secured, null), Alerts.nodefail()))
                    .isInstanceOf(IOException.class);
            assertThat(secured.received()).hasSize(1);
        }
    }

    private static Webhook over(HttpReceiver server, @Nullable Path caFile) {
        return new Webhook(
                server.url("/"),
                null,
                Webhook.Format.GENERIC,
                null,
                "application/json",
                List.of(),
                null,
                null,
                caFile);
    }
}
