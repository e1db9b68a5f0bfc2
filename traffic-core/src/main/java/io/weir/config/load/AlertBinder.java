package io.weir.config.load;

import io.weir.config.ActionConfig;
import io.weir.config.ActionConfig.Delivery;
import io.weir.config.ActionConfig.Log;
import io.weir.config.ActionConfig.Mail;
import io.weir.config.ActionConfig.Program;
import io.weir.config.ActionConfig.SnmpTrap;
import io.weir.config.ActionConfig.Soap;
import io.weir.config.ActionConfig.Syslog;
import io.weir.config.ActionConfig.Webhook;
import io.weir.config.EventTypeConfig;
import io.weir.config.NodeAddress;
import io.weir.config.Secret;
import io.weir.config.ThresholdConfig;
import io.weir.config.load.Node.Scalar;
import io.weir.event.Severity;

import java.util.List;
import java.util.Objects;

/** Makes event types and actions; see {@link Binder}. */
final class AlertBinder {

    private static final NodeAddress NOWHERE = new NodeAddress("missing", 1);

    private final NamedFiles files;
    private final ProgramFile programs;
    private final Problems problems;

    AlertBinder(NamedFiles files, ProgramFile programs, Problems problems) {
        this.files = files;
        this.programs = programs;
        this.problems = problems;
    }

    static EventTypeConfig eventType(String name, Section s) {
        boolean written = s.has("events") || s.has("custom-events");
        List<String> builtIn = BuiltInEventTypes.all().get(name);
        return new EventTypeConfig(
                name,
                written || builtIn == null ? s.texts("events") : builtIn,
                s.texts("custom-events"),
                s.choice("min-severity", Severity.class),
                s.texts("objects"),
                s.texts("hours"),
                s.textOrNull("time-zone"),
                s.texts("actions"),
                s.textOrNull("note"));
    }

    static ThresholdConfig threshold(String name, Section s) {
        return new ThresholdConfig(
                name,
                Objects.requireNonNullElse(s.textOrNull("counter"), ""),
                s.texts("labels"),
                s.numberOrNull("above"),
                s.numberOrNull("below"),
                Objects.requireNonNullElse(s.numberOrNull("hysteresis"), 0.0),
                s.time("hold"),
                s.time("over"),
                s.textOrNull("custom-event"),
                s.textOrNull("note"));
    }

    ActionConfig action(String name, Section s) {
        KeyTypes.check(s, "actions", ProblemCode.WRONG_ACTION_TYPE, problems);
        return new ActionConfig(
                name,
                s.time("timeout"),
                s.count("attempts"),
                s.flag("verbose"),
                s.textOrNull("note"),
                delivery(s));
    }

    private Delivery delivery(Section s) {
        return switch (s.word("type")) {
            case "log" -> new Log(s.text("file"));
            case "syslog" ->
                    new Syslog(
                            server(s),
                            s.choice("transport", Syslog.Transport.class),
                            s.choice("facility", Syslog.Facility.class),
                            (int) s.size("max-message"),
                            files.tls(s, "ca-file"));
            case "mail" -> mail(s);
            case "snmp-trap" -> trap(s);
            case "program" ->
                    new Program(
                            programs.of(s, needed(s, "program", "what to run")),
                            s.texts("arguments"));
            case "soap" ->
                    new Soap(
                            needed(s, "url", "where the receiver listens"),
                            s.textOrNull("user"),
                            s.secretOrNull("password"),
                            s.text("additional"),
                            files.tls(s, "ca-file"));
            case "webhook" -> webhook(s);
            default -> throw new IllegalStateException("the type is not bound: " + s.word("type"));
        };
    }

    private Mail mail(Section s) {
        if (!s.has("to")) {
            needs(s, "to", "who gets the mails");
        }
        if (s.has("user") && !s.has("password")) {
            needs(s, "password", "what proves the user");
        }
        return new Mail(
                server(s),
                s.texts("to"),
                s.textOrNull("from"),
                s.choice("security", Mail.Security.class),
                s.textOrNull("user"),
                s.secretOrNull("password"),
                s.time("min-interval"),
                files.tls(s, "ca-file"));
    }

    private SnmpTrap trap(Section s) {
        SnmpTrap.Version version = s.choice("version", SnmpTrap.Version.class);
        Secret authPassword = s.secretOrNull("auth-password");
        Secret privacyPassword = s.secretOrNull("privacy-password");
        if (version == SnmpTrap.Version.V3) {
            if (!s.has("user")) {
                needs(s, "user", "who sends the traps");
            }
            if (privacyPassword != null && authPassword == null) {
                needs(s, "auth-password", "SNMP has no privacy without authentication");
            }
        }
        return new SnmpTrap(
                server(s),
                version,
                s.secretOrNull("community"),
                s.textOrNull("user"),
                s.choice("auth", SnmpTrap.Auth.class),
                authPassword,
                s.choice("privacy", SnmpTrap.Privacy.class),
                privacyPassword);
    }

    private Webhook webhook(Section s) {
        Webhook.Format format = s.choice("format", Webhook.Format.class);
        switch (format) {
            case GENERIC, SLACK -> {
                if (!s.has("url") && !s.has("secret-url")) {
                    needs(s, "url", "where the receiver listens; or 'secret-url'");
                }
            }
            case PAGERDUTY, OPSGENIE -> {
                if (!s.has("token")) {
                    needs(s, "token", "the key of the service");
                }
            }
        }
        return new Webhook(
                s.textOrNull("url"),
                s.secretOrNull("secret-url"),
                format,
                s.textOrNull("template"),
                s.text("content-type"),
                s.texts("headers"),
                s.secretOrNull("token"),
                s.secretOrNull("signing-key"),
                files.tls(s, "ca-file"));
    }

    private NodeAddress server(Section s) {
        if (!(s.node("server") instanceof Scalar scalar)) {
            if (!s.has("server")) {
                needs(s, "server", "where the receiver listens");
            }
            return NOWHERE;
        }
        try {
            return Addresses.node(scalar.text(), 0);
        } catch (Malformed e) {
            throw new IllegalStateException("the structure was not checked", e);
        }
    }

    private String needed(Section s, String key, String what) {
        if (!s.has(key)) {
            needs(s, key, what);
        }
        return Objects.requireNonNullElse(s.textOrNull(key), "");
    }

    private void needs(Section s, String key, String what) {
        problems.error(
                s.place("type"),
                s.path(),
                ProblemCode.NEEDS_OTHER_KEY,
                s.path()
                        + ": an action of the type "
                        + s.word("type")
                        + " needs the key '"
                        + key
                        + "' here: "
                        + what);
    }
}
