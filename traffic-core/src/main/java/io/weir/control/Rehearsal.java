package io.weir.control;

/**
 * A request to the admin server that changes nothing, as first users make it.
 *
 * @param path with the query if there is one
 * @param contentType of the body; empty when there is none
 */
public record Rehearsal(String method, String path, String contentType, String body) {

    /** Asks for what is at {@code path}. */
    public static Rehearsal get(String path) {
        return new Rehearsal("GET", path, "", "");
    }

    /** Sends {@code body} to {@code path}. */
    public static Rehearsal post(String path, String contentType, String body) {
        return new Rehearsal("POST", path, contentType, body);
    }
}
