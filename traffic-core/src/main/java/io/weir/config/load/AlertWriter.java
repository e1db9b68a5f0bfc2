package io.weir.config.load;

import io.weir.config.ActionConfig;
import io.weir.config.ActionConfig.Log;
import io.weir.config.ActionConfig.Mail;
import io.weir.config.ActionConfig.Program;
import io.weir.config.ActionConfig.SnmpTrap;
import io.weir.config.ActionConfig.Soap;
import io.weir.config.ActionConfig.Syslog;
import io.weir.config.ActionConfig.Webhook;
import io.weir.config.EventTypeConfig;
import io.weir.config.Secret;
import io.weir.config.ThresholdConfig;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Collection;

/** Writes event types and actions; see {@link ConfigWriter}. */
final class AlertWriter {

    private AlertWriter() {}

    static void eventTypes(YamlWriter out, Collection<EventTypeConfig> types) {
        out.open("event-types");
        for (EventTypeConfig type : types) {
            out.open(type.name());
            out.strings("events", type.events());
            out.strings("custom-events", type.customEvents());
            out.word("min-severity", type.minSeverity());
            out.strings("objects", type.objects());
            out.strings("hours", type.hours());
            out.string("time-zone", type.timeZone());
            out.strings("actions", type.actions());
            out.string("note", type.note());
            out.close();
        }
        out.close();
    }

    static void actions(YamlWriter out, Collection<ActionConfig> actions) {
        out.open("actions");
        for (ActionConfig action : actions) {
            out.open(action.name());
            out.string("type", action.delivery().type());
            out.time("timeout", action.timeout());
            out.bare("attempts", action.attempts());
            out.bare("verbose", action.verbose());
            out.string("note", action.note());
            delivery(out, action.delivery());
            out.close();
        }
        out.close();
    }

    static void thresholds(YamlWriter out, Collection<ThresholdConfig> thresholds) {
        out.open("thresholds");
        for (ThresholdConfig threshold : thresholds) {
            out.open(threshold.name());
            out.string("counter", threshold.counter());
            out.strings("labels", threshold.labels());
            number(out, "above", threshold.above());
            number(out, "below", threshold.below());
            number(out, "hysteresis", threshold.hysteresis());
            out.time("hold", threshold.hold());
            out.time("over", threshold.over());
            out.string("custom-event", threshold.customEvent());
            out.string("note", threshold.note());
            out.close();
        }
        out.close();
    }

    private static void number(YamlWriter out, String key, @Nullable Double number) {
        if (number != null) {
            out.bare(key, BigDecimal.valueOf(number).stripTrailingZeros().toPlainString());
        }
    }

    private static void delivery(YamlWriter out, ActionConfig.Delivery delivery) {
        switch (delivery) {
            case Log log -> out.string("file", log.file());
            case Syslog syslog -> {
                out.string("server", syslog.server().toString());
                out.word("transport", syslog.transport());
                out.word("facility", syslog.facility());
                out.size("max-message", syslog.maxMessage());
                file(out, syslog.caFile());
            }
            case Mail mail -> {
                out.string("server", mail.server().toString());
                out.strings("to", mail.to());
                out.string("from", mail.from());
                out.word("security", mail.security());
                out.string("user", mail.user());
                secret(out, "password", mail.password());
                out.time("min-interval", mail.minInterval());
                file(out, mail.caFile());
            }
            case SnmpTrap trap -> {
                out.string("server", trap.server().toString());
                out.word("version", trap.version());
                secret(out, "community", trap.community());
                out.string("user", trap.user());
                out.word("auth", trap.auth());
                secret(out, "auth-password", trap.authPassword());
                out.word("privacy", trap.privacy());
                secret(out, "privacy-password", trap.privacyPassword());
            }
            case Program program -> {
                out.string("program", program.program());
                out.strings("arguments", program.arguments());
            }
            case Soap soap -> {
                out.string("url", soap.url());
                out.string("user", soap.user());
                secret(out, "password", soap.password());
                out.string("additional", soap.additional());
                file(out, soap.caFile());
            }
            case Webhook webhook -> {
                out.string("url", webhook.url());
                secret(out, "secret-url", webhook.secretUrl());
                out.word("format", webhook.format());
                out.string("template", webhook.template());
                out.string("content-type", webhook.contentType());
                out.strings("headers", webhook.headers());
                secret(out, "token", webhook.token());
                secret(out, "signing-key", webhook.signingKey());
                file(out, webhook.caFile());
            }
        }
    }

    private static void secret(YamlWriter out, String key, @Nullable Secret secret) {
        if (secret != null) {
            out.secret(key, secret);
        }
    }

    private static void file(YamlWriter out, @Nullable Path file) {
        if (file != null) {
            out.string("ca-file", file.toString());
        }
    }
}
