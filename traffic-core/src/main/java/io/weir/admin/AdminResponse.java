package io.weir.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a handler answers. Immutable. The server adds length, date and the fields that keep browsers
 * from doing anything with it, unless the handler sets them.
 *
 * @param fields of the header, in order
 */
public record AdminResponse(int status, List<Field> fields, Body body) {

    public AdminResponse {
        fields = List.copyOf(fields);
    }

    /** A field of the header. */
    public record Field(String name, String value) {}

    /** What follows the header. */
    public sealed interface Body {}

    /** A body that is there as a whole. */
    public record Bytes(byte[] content) implements Body {}

    /**
     * A body that comes bit by bit, such as Server-Sent Events.
     *
     * @param over run once, on the virtual thread of the request, when nothing of the body will
     *     come any more: also when it was never asked for, as with HEAD or a client that has gone
     */
    public record Stream(Writer writer, Runnable over) implements Body {}

    /**
     * Writes a body of unknown length. Called at most once, on the virtual thread of the request.
     */
    @FunctionalInterface
    public interface Writer {

        /**
         * Writes the body and returns when it is complete.
         *
         * @throws IOException as thrown by the sink; anything else ends the connection and is
         *     reported
         */
        void write(Sink sink) throws Exception;
    }

    /** Where a body is written to. Confined to the thread that it was given to. */
    public interface Sink {

        /**
         * Sends bytes at once; waits while the client does not read.
         *
         * @throws IOException when the client has gone, or reads too slowly for too long
         */
        void write(byte[] bytes) throws IOException, InterruptedException;

        /**
         * Waits, no longer than until the client has gone or the server stops.
         *
         * @throws InterruptedException when that happens meanwhile, as a rule
         */
        void pause(Duration atMost) throws InterruptedException;

        /** Whether the client has gone or the server stops. */
        boolean isClosed();
    }

    /** A response with a body of the given media type. */
    public static AdminResponse of(int status, String mediaType, byte[] content) {
        return new AdminResponse(
                status, List.of(new Field("Content-Type", mediaType)), new Bytes(content));
    }

    /** A response with UTF-8 text of the given media type. */
    public static AdminResponse text(int status, String mediaType, String content) {
        return of(status, mediaType + "; charset=utf-8", content.getBytes(StandardCharsets.UTF_8));
    }

    /** A response with JSON. */
    public static AdminResponse json(int status, String content) {
        return of(status, "application/json", content.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A problem as RFC 9457 writes it.
     *
     * @param detail plain words without quotes, backslashes and control characters
     */
    public static AdminResponse problem(int status, String detail) {
        String json =
                "{\"type\":\"about:blank\",\"status\":"
                        + status
                        + ",\"detail\":\""
                        + detail
                        + "\"}";
        return of(status, "application/problem+json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** A response without a body. */
    public static AdminResponse empty(int status) {
        return new AdminResponse(status, List.of(), new Bytes(new byte[0]));
    }

    /** A response whose body comes bit by bit. */
    public static AdminResponse stream(int status, String mediaType, Writer writer) {
        return stream(status, mediaType, writer, () -> {});
    }

    /**
     * The same with something to be given back.
     *
     * @param over as in {@link Stream}
     */
    public static AdminResponse stream(int status, String mediaType, Writer writer, Runnable over) {
        return new AdminResponse(
                status, List.of(new Field("Content-Type", mediaType)), new Stream(writer, over));
    }

    /** The same with one more field. */
    public AdminResponse with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new AdminResponse(status, more, body);
    }
}
