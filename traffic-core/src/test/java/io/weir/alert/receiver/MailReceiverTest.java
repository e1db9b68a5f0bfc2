package io.weir.alert.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.ActionConfig.Mail;
import io.weir.config.NodeAddress;
import io.weir.config.Secret;
import io.weir.event.EventTag;
import io.weir.testkit.TestCa;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class MailReceiverTest {

    @TempDir Path directory;

    private final TestCa ca = new TestCa("Mail CA");

    private static MailReceiver receiver(
            int port, Mail.Security security, @Nullable String password, @Nullable Path caFile) {
        return new MailReceiver(
                new Mail(
                        new NodeAddress("localhost", port),
                        List.of("ops@example.com", "night@example.com"),
                        null,
                        security,
                        password == null ? null : "weir",
                        password == null ? null : new Secret(password),
                        Duration.ofSeconds(30),
                        caFile),
                "machine",
                Duration.ofSeconds(20));
    }

    private Path caFile() {
        ca.issue("whatever").write(directory, "whatever");
        return directory.resolve("whatever.pem");
    }

    @Test
    void aMailListsAllEventsWithDateIdAndEncoding() throws Exception {
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            alerts.add(Alerts.of(EventTag.CONFMOD, "event " + i + " größer"));
        }
        alerts.add(Alerts.nodefail());
        try (FakeSmtp server = new FakeSmtp(null, null)) {
            receiver(server.port(), Mail.Security.NONE, null, null).send(alerts);

            String mail = server.await(1).getFirst();
            assertThat(mail)
                    .contains("To: ops@example.com, night@example.com")
                    .contains("From: weir@machine")
                    .contains("Date: ")
                    .containsPattern("Message-ID: <[0-9a-f-]+@machine>")
                    .contains("Auto-Submitted: auto-generated")
                    .contains("charset=UTF-8");
            assertThat(mail.replace("=\n", "").replace("=C3=B6", "ö").replace("=C3=9F", "ß"))
                    .contains("event 0 größer")
                    .contains("event 99 größer")
                    .contains("2026-03-04T05:06:07.008Z  SERIOUS  nodefail  pools/web,nodes/a:80");
            assertThat(mail).containsPattern("Subject: =\\?UTF-8\\?[QB]\\?");
        }
    }

    @Test
    void aServerThatInsistsOnTlsAndAPasswordGetsBoth() throws Exception {
        try (FakeSmtp server = new FakeSmtp(ca.issue("localhost").context(ca), "secret")) {
            receiver(server.port(), Mail.Security.STARTTLS, "secret", caFile())
                    .send(List.of(Alerts.nodefail()));
            assertThat(server.await(1)).hasSize(1);
        }
    }

    @Test
    void aWrongPasswordIsFinalAndACertificateOfStrangersIsNoGood() throws Exception {
        try (FakeSmtp server = new FakeSmtp(ca.issue("localhost").context(ca), "secret")) {
            assertThatThrownBy(
                            () ->
                                    receiver(
                                                    server.port(),
                                                    Mail.Security.STARTTLS,
                                                    "guess",
                                                    caFile())
                                            .send(List.of(Alerts.nodefail())))
                    .isInstanceOf(UndeliverableException.class)
                    .hasMessageContaining("does not accept user and password")
                    .hasMessageNotContaining("guess");
            assertThatThrownBy(
                            () ->
                                    receiver(server.port(), Mail.Security.STARTTLS, "secret", null)
                                            .send(List.of(Alerts.nodefail())))
                    .isInstanceOf(IOException.class);
            assertThat(server.mails()).isEmpty();
        }
    }

    @Test
    void aServerThatCannotDoTlsGetsNoMail() throws Exception {
        try (FakeSmtp server = new FakeSmtp(null, null)) {
            assertThatThrownBy(
                            () ->
                                    receiver(server.port(), Mail.Security.STARTTLS, null, null)
                                            .send(List.of(Alerts.nodefail())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("STARTTLS");
            assertThat(server.mails()).isEmpty();
        }
    }

    @Test
    void whatTheServerRefusesForNowIsForLater() throws Exception {
        try (FakeSmtp server = new FakeSmtp(null, null)) {
            MailReceiver receiver = receiver(server.port(), Mail.Security.NONE, null, null);
            server.answerToRecipients("451 greylisted");
            assertThatThrownBy(() -> receiver.send(List.of(Alerts.nodefail())))
                    .isInstanceOf(IOException.class);
            server.answerToRecipients("550 nobody here");
            assertThatThrownBy(() -> receiver.send(List.of(Alerts.nodefail())))
                    .isInstanceOf(UndeliverableException.class);
        }
    }

    @Test
    void aServerThatClosesIsForLater() throws Exception {
        try (ServerSocket dead = new ServerSocket(0)) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    dead.accept().close();
                                } catch (IOException e) {
                                    // The test is over.
                                }
                            });
            assertThatThrownBy(
                            () ->
                                    receiver(dead.getLocalPort(), Mail.Security.NONE, null, null)
                                            .send(List.of(Alerts.nodefail())))
                    .isInstanceOf(IOException.class);
        }
    }
}
