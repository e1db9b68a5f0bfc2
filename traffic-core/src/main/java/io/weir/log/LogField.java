package io.weir.log;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A field of the JSON format; each is also the macro <code>%{keyword}w</code>. Exactly one of text
 * and number is there. Names and types are stable: new fields may be added, none changes its
 * meaning.
 *
 * @param keyword the name in lower case
 * @param text how to put the field's text; null when it is a number
 * @param number how to tell the field's number; null when it is a text
 */
record LogField(String keyword, @Nullable TextOf text, @Nullable NumberOf number) {

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

    /** All fields, in the order of the JSON format. */
    static final List<LogField> ALL =
            List.of(
                    text("request_id", LogRecord::requestId),
                    text("virtual_server", (r, out) -> out.put(r.virtualServer())),
                    text("client", LogRecord::clientAddress),
                    number("client_port", LogRecord::clientPort),
                    text("local", LogRecord::localAddress),
                    number("local_port", LogRecord::localPort),
                    text("user", LogRecord::user),
                    text("method", LogRecord::method),
                    text("host", LogRecord::host),
                    text("target", LogRecord::target),
                    text("protocol", LogRecord::protocol),
                    text("referer", (r, out) -> r.requestHeader("Referer", out)),
                    text("user_agent", (r, out) -> r.requestHeader("User-Agent", out)),
                    number("status", r -> r.status() > 0 ? r.status() : -1),
                    number("body_bytes", LogRecord::bodyBytes),
                    number("received_bytes", LogRecord::receivedBytes),
                    number("sent_bytes", LogRecord::sentBytes),
                    text("pool", (r, out) -> putIfThere(r.pool(), out)),
                    text("node", (r, out) -> putIfThere(r.node(), out)),
                    number("retries", LogRecord::retries),
                    text("persistence", (r, out) -> putIfThere(r.persistence(), out)),
                    text("fault", (r, out) -> putIfThere(r.fault(), out)),
                    text("rules", (r, out) -> putIfThere(r.rules(), out)),
                    text("cache", (r, out) -> putIfThere(r.cache(), out)),
                    text("compression", (r, out) -> putIfThere(r.compression(), out)),
                    number("duration_us", r -> micros(r.durationNanos())),
                    number("head_us", r -> micros(r.phaseNanos(Phase.HEAD))),
                    number("queue_us", r -> micros(r.phaseNanos(Phase.QUEUE))),
                    number("connect_us", r -> micros(r.phaseNanos(Phase.CONNECT))),
                    number("reply_us", r -> micros(r.phaseNanos(Phase.REPLY))),
                    number("first_byte_us", r -> micros(r.phaseNanos(Phase.FIRST_BYTE))),
                    text("tls_version", (r, out) -> putIfThere(r.tlsVersion(), out)),
                    text("tls_cipher", (r, out) -> putIfThere(r.tlsCipher(), out)),
                    text("tls_server_name", (r, out) -> putIfThere(r.tlsServerName(), out)),
                    text("tls_handshake", (r, out) -> putIfThere(r.tlsHandshake(), out)));

    private static final Map<String, LogField> BY_KEYWORD =
            ALL.stream().collect(Collectors.toMap(LogField::keyword, Function.identity()));

    /** The field with this keyword, or null. */
    static @Nullable LogField of(String keyword) {
        return BY_KEYWORD.get(keyword);
    }

    static long micros(long nanos) {
        return nanos < 0 ? -1 : nanos / 1000;
    }

    private static LogField text(String keyword, TextOf text) {
        return new LogField(keyword, text, null);
    }

    private static LogField number(String keyword, NumberOf number) {
        return new LogField(keyword, null, number);
    }

    private static void putIfThere(@Nullable String text, ByteSink out) {
        if (text != null) {
            out.put(text);
        }
    }
}
