package io.weir.log;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields of the JSON format, in their order; each is also the macro <code>%{keyword}w</code>.
 * Names and types are stable: new fields may be added, none changes its meaning.
 */
enum LogField {
    REQUEST_ID(LogRecord::requestId),
    VIRTUAL_SERVER((r, out) -> out.put(r.virtualServer())),
    CLIENT(LogRecord::clientAddress),
    CLIENT_PORT((NumberOf) LogRecord::clientPort),
    LOCAL(LogRecord::localAddress),
    LOCAL_PORT((NumberOf) LogRecord::localPort),
    USER(LogRecord::user),
    METHOD(LogRecord::method),
    HOST(LogRecord::host),
    TARGET(LogRecord::target),
    PROTOCOL(LogRecord::protocol),
    REFERER((r, out) -> r.requestHeader("Referer", out)),
    USER_AGENT((r, out) -> r.requestHeader("User-Agent", out)),
    STATUS((NumberOf) LogRecord::status),
    BODY_BYTES(LogRecord::bodyBytes),
    RECEIVED_BYTES(LogRecord::receivedBytes),
    SENT_BYTES(LogRecord::sentBytes),
    POOL((r, out) -> putIfThere(r.pool(), out)),
    NODE((r, out) -> putIfThere(r.node(), out)),
    RETRIES((NumberOf) LogRecord::retries),
    FAULT((r, out) -> putIfThere(r.fault(), out)),
    DURATION_US(r -> micros(r.durationNanos())),
    HEAD_US(r -> micros(r.phaseNanos(Phase.HEAD))),
    QUEUE_US(r -> micros(r.phaseNanos(Phase.QUEUE))),
    CONNECT_US(r -> micros(r.phaseNanos(Phase.CONNECT))),
    REPLY_US(r -> micros(r.phaseNanos(Phase.REPLY))),
    FIRST_BYTE_US(r -> micros(r.phaseNanos(Phase.FIRST_BYTE)));

    private static final Map<String, LogField> BY_KEYWORD =
            Stream.of(values())
                    .collect(Collectors.toUnmodifiableMap(LogField::keyword, Function.identity()));

    /** Puts a text, or nothing. */
    @FunctionalInterface
    interface TextOf {
        void put(LogRecord record, ByteSink out);
    }

    /** Tells a number, negative for none. */
    @FunctionalInterface
    interface NumberOf {
        long of(LogRecord record);
    }

    private final @Nullable TextOf text;
    private final @Nullable NumberOf number;

    LogField(TextOf text) {
        this.text = text;
        this.number = null;
    }

    LogField(NumberOf number) {
        this.text = null;
        this.number = number;
    }

    String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How to put the field's text; null when it is a number. */
    @Nullable TextOf text() {
        return text;
    }

    /** How to tell the field's number; null when it is a text. */
    @Nullable NumberOf number() {
        return number;
    }

    static @Nullable LogField of(String keyword) {
        return BY_KEYWORD.get(keyword);
    }

    static long micros(long nanos) {
        return nanos < 0 ? -1 : nanos / 1000;
    }

    private static void putIfThere(@Nullable String text, ByteSink out) {
        if (text != null) {
            out.put(text);
        }
    }
}
