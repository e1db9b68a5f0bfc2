package io.weir.alert.receiver;

import io.weir.config.ActionConfig.Webhook;
import io.weir.config.AlertTemplate;
import io.weir.control.store.Json;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.event.Severity;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** What a webhook sends for an alert. Immutable. */
abstract class WebhookFormat {

    final String machine;
    private final Webhook settings;

    private WebhookFormat(Webhook settings, String machine) {
        this.settings = settings;
        this.machine = machine;
    }

    /**
     * A request.
     *
     * @param way added to the path of the URL
     * @param id the same each time that the request is tried
     */
    record Message(String way, String body, String id) {}

    static WebhookFormat of(Webhook settings, String machine) {
        return switch (settings.format()) {
            case GENERIC -> new Generic(settings, machine);
            case SLACK -> new Slack(settings, machine);
            case PAGERDUTY -> new PagerDuty(settings, machine);
            case OPSGENIE -> new Opsgenie(settings, machine);
        };
    }

    /** The requests for an alert, to be sent in this order; none when it is not for the service. */
    abstract List<Message> messages(Alert alert);

    /** Where the service listens when the configuration does not say it. */
    String url() {
        return "";
    }

    String contentType() {
        return "application/json";
    }

    /** The value of the field Authorization; null for none. */
    @Nullable String authorization() {
        String token = token();
        return token.isEmpty() ? null : "Bearer " + token;
    }

    final String token() {
        return WebhookReceiver.reveal(settings.token());
    }

    final Message message(Alert alert, String way, Object document) {
        return new Message(way, Json.write(document), id(alert, way + document));
    }

    private String id(Alert alert, String more) {
        String text = machine + alert.event() + more;
        return "msg_" + UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    final String summary(Event event) {
        return machine + ": " + event.text();
    }

    /** The parts of the event by the names that templates use. */
    final Map<String, String> parts(Alert alert) {
        Event event = alert.event();
        Incident incident = Incident.of(event, machine);
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("time", event.time().toString());
        parts.put("machine", machine);
        parts.put("severity", event.severity().name().toLowerCase(Locale.ROOT));
        parts.put("tag", event.tag().keyword());
        parts.put("objects", alert.objects());
        parts.put("object", event.objects().isEmpty() ? "" : event.objects().getFirst().name());
        parts.put("text", event.text());
        parts.put("event-type", alert.eventType());
        parts.put("state", incident == null ? "info" : incident.open() ? "problem" : "resolved");
        parts.put("key", incident == null ? "" : incident.key());
        return parts;
    }

    /** A document with every part, or the template of the configuration. */
    private static final class Generic extends WebhookFormat {

        private final Webhook settings;
        private final @Nullable AlertTemplate template;

        Generic(Webhook settings, String machine) {
            super(settings, machine);
            this.settings = settings;
            String text = settings.template();
            this.template = text == null ? null : AlertTemplate.parse(text);
        }

        @Override
        String contentType() {
            return settings.contentType();
        }

        @Override
        List<Message> messages(Alert alert) {
            Map<String, String> parts = parts(alert);
            if (template != null) {
                Message whole = message(alert, "", parts);
                return List.of(new Message("", template.fill(parts), whole.id()));
            }
            Map<String, Object> document = new LinkedHashMap<>(parts);
            List<Object> objects = new ArrayList<>();
            for (ObjectRef object : alert.event().objects()) {
                objects.add(Json.object("type", object.section(), "name", object.name()));
            }
            document.put("objects", objects);
            document.remove("object");
            return List.of(message(alert, "", document));
        }
    }

    /** An incoming webhook of Slack: one message per event. */
    private static final class Slack extends WebhookFormat {

        Slack(Webhook settings, String machine) {
            super(settings, machine);
        }

        @Override
        List<Message> messages(Alert alert) {
            Event event = alert.event();
            Incident incident = Incident.of(event, machine);
            String mark =
                    incident != null && !incident.open()
                            ? ":large_green_circle:"
                            : switch (event.severity()) {
                                case INFO -> ":information_source:";
                                case WARN -> ":large_yellow_circle:";
                                case SERIOUS, FATAL -> ":red_circle:";
                            };
            String text =
                    mark
                            + " *"
                            + event.tag().keyword()
                            + "* "
                            + escaped(event.text())
                            + "\n"
                            + escaped(machine + " · " + alert.objects());
            return List.of(message(alert, "", Json.object("text", text)));
        }

        /** The three characters that mean something to Slack. */
        private static String escaped(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        }
    }

    /** PagerDuty's Events API v2: triggers and resolves by one key. */
    private static final class PagerDuty extends WebhookFormat {

        private static final int MAX_SUMMARY = 1024;

        PagerDuty(Webhook settings, String machine) {
            super(settings, machine);
        }

        @Override
        String url() {
            return "https://events.pagerduty.com/v2/enqueue";
        }

        @Override
        @Nullable String authorization() {
            return null; // the key stands in the document
        }

        @Override
        List<Message> messages(Alert alert) {
            Incident incident = Incident.of(alert.event(), machine);
            if (incident == null) {
                return List.of();
            }
            Message trigger =
                    message(
                            alert,
                            "",
                            Json.object(
                                    "routing_key", token(),
                                    "event_action", "trigger",
                                    "dedup_key", incident.key(),
                                    "client", "Weir",
                                    "payload", payload(alert)));
            Message resolve =
                    message(
                            alert,
                            "",
                            Json.object(
                                    "routing_key", token(),
                                    "event_action", "resolve",
                                    "dedup_key", incident.key()));
            if (alert.event().tag() == EventTag.TESTACTION) {
                return List.of(trigger, resolve);
            }
            return List.of(incident.open() ? trigger : resolve);
        }

        private Object payload(Alert alert) {
            Event event = alert.event();
            String summary = summary(event);
            Map<String, String> details = parts(alert);
            return Json.object(
                    "summary", summary.substring(0, Math.min(MAX_SUMMARY, summary.length())),
                    "source", machine,
                    "severity",
                            switch (event.severity()) {
                                case INFO -> "info";
                                case WARN -> "warning";
                                case SERIOUS -> "error";
                                case FATAL -> "critical";
                            },
                    "timestamp", event.time().toString(),
                    "component", alert.objects(),
                    "group", event.tag().section(),
                    "class", event.tag().keyword(),
                    "custom_details", details);
        }
    }

    /** Opsgenie's Alert API: creates and closes alerts by alias. */
    private static final class Opsgenie extends WebhookFormat {

        private static final int MAX_MESSAGE = 130;

        Opsgenie(Webhook settings, String machine) {
            super(settings, machine);
        }

        @Override
        String url() {
            return "https://api.opsgenie.com/v2/alerts";
        }

        @Override
        String authorization() {
            return "GenieKey " + token();
        }

        @Override
        List<Message> messages(Alert alert) {
            Event event = alert.event();
            Incident incident = Incident.of(event, machine);
            if (incident == null) {
                return List.of();
            }
            String summary = summary(event);
            Message create =
                    message(
                            alert,
                            "",
                            Json.object(
                                    "message",
                                    summary.substring(0, Math.min(MAX_MESSAGE, summary.length())),
                                    "alias",
                                    incident.key(),
                                    "description",
                                    event.text(),
                                    "source",
                                    machine,
                                    "entity",
                                    alert.objects(),
                                    "priority",
                                    priority(event.severity()),
                                    "tags",
                                    List.of(event.tag().section(), event.tag().keyword()),
                                    "details",
                                    parts(alert)));
            String alias =
                    URLEncoder.encode(incident.key(), StandardCharsets.UTF_8).replace("+", "%20");
            Message close =
                    message(
                            alert,
                            "/" + alias + "/close?identifierType=alias",
                            Json.object("source", machine, "note", event.text()));
            if (event.tag() == EventTag.TESTACTION) {
                return List.of(create, close);
            }
            return List.of(incident.open() ? create : close);
        }

        private static String priority(Severity severity) {
            return switch (severity) {
                case FATAL -> "P1";
                case SERIOUS -> "P2";
                case WARN -> "P3";
                case INFO -> "P5";
            };
        }
    }
}
