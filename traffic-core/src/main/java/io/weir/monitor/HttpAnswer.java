package io.weir.monitor;

import java.util.Locale;

/**
 * The head of a node's answer to an HTTP check, and the way to its body. What a proxy must not
 * guess at (RFC 9112 sections 2.2, 5.1, 5.2 and 6.3) is a failure here too: a node whose answers
 * cannot be passed on is not well.
 */
final class HttpAnswer {

    private static final int MOST_HEAD_BYTES = 16 * 1024;
    private static final String VERSION = "HTTP/1.";

    private final int status;
    private final HttpBody body;

    private HttpAnswer(int status, HttpBody body) {
        this.status = status;
        this.body = body;
    }

    int status() {
        return status;
    }

    HttpBody body() {
        return body;
    }

    /** Reads the head of the final answer; interim ones (1xx) are skipped. */
    static HttpAnswer read(CheckConnection connection, Deadline deadline)
            throws CheckFailed, InterruptedException {
        StringBuilder head = new StringBuilder();
        while (true) {
            int start = head.length();
            readHead(connection, deadline, head, start);
            String[] lines = head.substring(start, head.length() - 4).split("\r\n", -1);
            int status = status(lines[0]);
            if (status >= 200 || status == 101) {
                return new HttpAnswer(status, body(status, lines, connection));
            }
        }
    }

    /** Appends one head with its empty line to {@code head}, which is bounded as a whole. */
    private static void readHead(
            CheckConnection connection, Deadline deadline, StringBuilder head, int start)
            throws CheckFailed, InterruptedException {
        while (true) {
            int next = connection.next(deadline.left());
            if (next < 0 || deadline.passed()) {
                throw new CheckFailed(broken(head, next, deadline));
            }
            head.append((char) next);
            int index = head.length() - 1 - start;
            if (index < VERSION.length() && next != VERSION.charAt(index)) {
                // Said at once: a node that speaks another protocol may well wait for us now.
                throw new CheckFailed(
                        "answer "
                                + Words.quote(head.substring(start) + connection.waiting())
                                + ", expected an HTTP status line");
            }
            if (next == '\n' && (index == 0 || head.charAt(head.length() - 2) != '\r')) {
                throw new CheckFailed(
                        "line in the head that ends without CR, expected CR LF: "
                                + Words.quote(lastLine(head)));
            }
            if (index >= 3 && next == '\n' && head.charAt(head.length() - 3) == '\n') {
                return;
            }
            if (head.length() >= MOST_HEAD_BYTES) {
                throw new CheckFailed(
                        "head longer than expected, which is at most "
                                + MOST_HEAD_BYTES
                                + " bytes");
            }
        }
    }

    private static String broken(StringBuilder head, int next, Deadline deadline) {
        String when =
                next == CheckConnection.CLOSED
                        ? " before the node closed the connection"
                        : " within " + Words.duration(deadline.timeout());
        return head.isEmpty()
                ? "no answer" + when + ", expected an HTTP status line"
                : "only " + Words.quote(head.toString()) + when + ", expected a whole HTTP head";
    }

    private static String lastLine(StringBuilder head) {
        return head.substring(head.lastIndexOf("\n", head.length() - 2) + 1);
    }

    private static int status(String line) throws CheckFailed {
        if (!line.matches("HTTP/1\\.[01] [1-9][0-9][0-9]( [^\\x00-\\x08\\x0a-\\x1f\\x7f]*)?")) {
            throw new CheckFailed(
                    "status line " + Words.quote(line) + ", expected one like \"HTTP/1.1 200 OK\"");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static HttpBody body(int status, String[] lines, CheckConnection connection)
            throws CheckFailed {
        String length = null;
        String coding = null;
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i];
            if (!line.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\\x00-\\x08\\x0a-\\x1f\\x7f]*")) {
                throw new CheckFailed(
                        "header line " + Words.quote(line) + ", expected a name, a colon, a value");
            }
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> {
                    if (!value.matches("[0-9]{1,18}")
                            || (length != null && !length.equals(value))) {
                        throw new CheckFailed(
                                "Content-Length "
                                        + Words.quote(value)
                                        + (length == null ? "" : " after " + Words.quote(length))
                                        + ", expected one number");
                    }
                    length = value;
                }
                case "transfer-encoding" -> {
                    if (coding != null || !value.equalsIgnoreCase("chunked")) {
                        throw new CheckFailed(
                                "Transfer-Encoding " + Words.quote(value) + ", expected chunked");
                    }
                    coding = value;
                }
                default -> {}
            }
        }
        if (length != null && coding != null) {
            throw new CheckFailed(
                    "both Content-Length and Transfer-Encoding, expected one of them at most");
        }
        if (status == 204 || status == 304) {
            return HttpBody.ofLength(connection, 0);
        }
        if (coding != null) {
            return HttpBody.chunked(connection);
        }
        return length == null
                ? HttpBody.untilClose(connection)
                : HttpBody.ofLength(connection, Long.parseLong(length));
    }
}
