package io.weir.exchange;

import io.weir.config.VirtualServerConfig;
import io.weir.fault.TrafficFault;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What clients see when an exchange fails: the status and its usual phrase, and nothing about why.
 * Immutable.
 */
public final class ErrorPages {

    private static final String TYPE = "text/html; charset=utf-8";

    /** The built-in pages. */
    public static final ErrorPages PLAIN = new ErrorPages(null, null);

    private final byte @Nullable [] noNode;
    private final byte[] busy;

    /**
     * @param noNode body of the answers sent when no node can answer (ZXTM
     *     connection_errors.error_file); null for the built-in page
     * @param busy the same when a request was refused under overload
     */
    ErrorPages(byte @Nullable [] noNode, byte @Nullable [] busy) {
        this.noNode = noNode == null ? null : noNode.clone();
        this.busy = busy == null ? page(503, reason(503)) : busy.clone();
    }

    /**
     * The pages of {@code server}, whose files are read.
     *
     * @throws IOException when one cannot be read
     */
    public static ErrorPages of(VirtualServerConfig server) throws IOException {
        return new ErrorPages(read(server.errorFile()), read(server.busyFile()));
    }

    private static byte @Nullable [] read(@Nullable Path file) throws IOException {
        return file == null ? null : Files.readAllBytes(file);
    }

    /** The answer for {@code fault}. */
    public Answered answer(TrafficFault fault) {
        if (fault instanceof TrafficFault.SessionLost lost && lost.url() != null) {
            return new Answered(
                    lost.status(),
                    reason(lost.status()),
                    TYPE,
                    page(lost.status(), reason(lost.status())),
                    Map.of("Location", lost.url(), "Cache-Control", "no-store"));
        }
        int status = fault.status();
        String reason = reason(status);
        byte[] own = noNode;
        byte[] body =
                fault instanceof TrafficFault.Shed
                        ? busy
                        : own != null && fault.side() == TrafficFault.Side.NODE
                                ? own
                                : page(status, reason);
        int wait = fault.retryAfterSeconds();
        Map<String, String> fields =
                wait > 0
                        ? Map.of("Retry-After", String.valueOf(wait), "Cache-Control", "no-store")
                        : status == 405
                                ? Map.of("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
                                : Map.of("Cache-Control", "no-store");
        return new Answered(status, reason, TYPE, body, fields);
    }

    private static byte[] page(int status, String reason) {
        String title = status + " " + reason;
        return ("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
                        + title
                        + "</title></head><body><h1>"
                        + title
                        + "</h1></body></html>\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The usual reason phrase of the codes that Weir sends by itself (RFC 9110 section 15). */
    static String reason(int status) {
        return switch (status) {
            case 302 -> "Found";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
    }
}
