package io.weir.admin.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.weir.admin.AdminResponse;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Responses as they go onto the wire. */
final class Responses {

    /** RFC 9110, section 5.6.7. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** Keep browsers from doing anything with an answer that its handler did not think of. */
    private static final Map<String, String> USUAL =
            Map.of(
                    "Cache-Control", "no-store",
                    "X-Content-Type-Options", "nosniff",
                    "X-Frame-Options", "DENY",
                    "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
                    "Referrer-Policy", "no-referrer",
                    "Cross-Origin-Resource-Policy", "same-origin");

    private Responses() {}

    /**
     * A response that is there as a whole.
     *
     * @param read the request; null when it could not be read
     */
    static FullHttpResponse whole(
            AdminResponse response, @Nullable RequestHead read, boolean keepAlive, Instant now) {
        byte[] content =
                response.body() instanceof AdminResponse.Bytes(byte[] bytes) ? bytes : new byte[0];
        boolean headOnly = read != null && read.request().method().equals("HEAD");
        FullHttpResponse message =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(response.status()),
                        headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content));
        fields(message.headers(), response, read, keepAlive, now);
        if (response.status() != 204 && response.status() != 304) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.length);
        }
        return message;
    }

    /** The head of a response whose body comes bit by bit. */
    static HttpResponse head(
            AdminResponse response, RequestHead read, boolean keepAlive, Instant now) {
        HttpResponse message =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        fields(message.headers(), response, read, keepAlive, now);
        if (!read.http10() && !read.request().method().equals("HEAD")) {
            message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return message;
    }

    private static void fields(
            HttpHeaders headers,
            AdminResponse response,
            @Nullable RequestHead read,
            boolean keepAlive,
            Instant now) {
        headers.set(HttpHeaderNames.DATE, DATE.format(now));
        USUAL.forEach(headers::set);
        for (AdminResponse.Field field : response.fields()) {
            if (USUAL.containsKey(field.name())) {
                headers.set(field.name(), field.value());
            } else {
                headers.add(field.name(), field.value());
            }
        }
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (read != null && read.http10()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}
