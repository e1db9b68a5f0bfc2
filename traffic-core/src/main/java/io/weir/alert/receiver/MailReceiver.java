package io.weir.alert.receiver;

import io.weir.config.ActionConfig.Mail;
import io.weir.event.Event;
import io.weir.log.PlainText;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/**
 * Sends mails (RFC 5321, RFC 5322), each with all that has happened since the last one. Nothing is
 * sent over a connection that is less protected than the configuration says.
 */
final class MailReceiver implements Receiver {

    private static final int MOST = 1000;
    private static final int PERMANENT = 500;

    private final Mail settings;
    private final String machine;
    private final Duration timeout;

    MailReceiver(Mail settings, String machine, Duration timeout) {
        this.settings = settings;
        this.machine = machine;
        this.timeout = timeout;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public Duration minInterval() {
        return settings.minInterval();
    }

    @Override
    public void send(List<Alert> alerts) throws IOException, UndeliverableException {
        Session session = Session.getInstance(properties());
        try (Transport transport = session.getTransport("smtp")) {
            String user = settings.user();
            transport.connect(
                    settings.server().host(),
                    settings.server().port(),
                    user,
                    user == null ? null : WebhookReceiver.reveal(settings.password()));
            MimeMessage message = message(session, alerts);
            message.saveChanges();
            transport.sendMessage(message, message.getAllRecipients());
        } catch (AuthenticationFailedException e) {
            throw new UndeliverableException(
                    settings.server() + " does not accept user and password: " + said(e), e);
        } catch (SendFailedException e) {
            if (code(e) >= PERMANENT) {
                throw new UndeliverableException(settings.server() + ": " + said(e), e);
            }
            throw new IOException(settings.server() + ": " + said(e), e);
        } catch (MessagingException e) {
            throw new IOException(settings.server() + ": " + said(e), e);
        }
    }

    private Properties properties() throws UndeliverableException {
        Properties p = new Properties();
        String millis = Long.toString(timeout.toMillis());
        p.put("mail.smtp.connectiontimeout", millis);
        p.put("mail.smtp.timeout", millis);
        p.put("mail.smtp.writetimeout", millis);
        p.put("mail.smtp.localhost", machine);
        p.put("mail.smtp.sendpartial", "true");
        p.put("mail.smtp.quitwait", "false");
        p.put("mail.mime.charset", "UTF-8");
        if (settings.user() != null) {
            p.put("mail.smtp.auth", "true");
        }
        if (settings.security() != Mail.Security.NONE) {
            boolean fromTheStart = settings.security() == Mail.Security.TLS;
            p.put("mail.smtp.ssl.enable", Boolean.toString(fromTheStart));
            p.put("mail.smtp.starttls.enable", Boolean.toString(!fromTheStart));
            p.put("mail.smtp.starttls.required", Boolean.toString(!fromTheStart));
            p.put("mail.smtp.ssl.checkserveridentity", "true");
            p.put(
                    "mail.smtp.ssl.socketFactory",
                    Trust.context(settings.caFile()).getSocketFactory());
        }
        return p;
    }

    private MimeMessage message(Session session, List<Alert> alerts) throws MessagingException {
        MimeMessage message =
                new MimeMessage(session) {
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", "<" + UUID.randomUUID() + "@" + machine + ">");
                    }
                };
        String from = settings.from();
        message.setFrom(new InternetAddress(from == null ? "weir@" + machine : from, true));
        for (String to : settings.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
        }
        message.setSubject(subject(alerts), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(alerts.getLast().event().time()));
        // RFC 3834: so that nobody's absence is told to Weir.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(text(alerts), StandardCharsets.UTF_8.name());
        return message;
    }

    private String subject(List<Alert> alerts) {
        Event worst = alerts.getFirst().event();
        for (Alert alert : alerts) {
            if (alert.event().severity().compareTo(worst.severity()) > 0) {
                worst = alert.event();
            }
        }
        String more = alerts.size() == 1 ? "" : " and " + (alerts.size() - 1) + " more";
        return "[" + machine + "] " + worst.severity() + ": " + PlainText.of(worst.text()) + more;
    }

    private String text(List<Alert> alerts) {
        StringBuilder text = new StringBuilder();
        for (Alert alert : alerts) {
            Event event = alert.event();
            text.append(event.time()).append("  ").append(event.severity()).append("  ");
            text.append(event.tag().keyword()).append("  ").append(alert.objects());
            text.append("\r\n    ");
            PlainText.append(event.text(), text);
            text.append("\r\n");
        }
        text.append("\r\n-- \r\nSent by Weir on ").append(machine).append("\r\n");
        return text.toString();
    }

    /** The worst answer of the server in a failure; 0 when there was none. */
    private static int code(SendFailedException e) {
        int code = 0;
        @Nullable Exception at = e;
        while (at != null) {
            if (at instanceof SMTPSendFailedException send) {
                code = Math.max(code, send.getReturnCode());
            } else if (at instanceof SMTPAddressFailedException address) {
                code = Math.max(code, address.getReturnCode());
            }
            at = at instanceof MessagingException m ? m.getNextException() : null;
        }
        return code;
    }

    private static String said(MessagingException e) {
        Exception next = e.getNextException();
        String more = next == null ? "" : " (" + next.getMessage() + ")";
        return PlainText.of((e.getMessage() + more).strip());
    }
}
