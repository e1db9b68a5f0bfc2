package io.weir.monitor;

import com.google.re2j.Pattern;

import io.weir.config.MonitorConfig.Http;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Whether the node answers an HTTP GET with the right status and, if asked for, the right body. */
final class HttpCheck implements Check {

    private static final int MOST_BODY_BYTES = 64 * 1024;

    private final Http settings;
    private final Pattern status;
    private final @Nullable Pattern body;
    private final Network network;
    private final Ticker ticker;

    HttpCheck(Http settings, Network network, Ticker ticker) {
        this.settings = settings;
        this.status = PatternSearch.compile("status-regex", settings.statusRegex());
        this.body =
                settings.bodyRegex() == null
                        ? null
                        : PatternSearch.compile("body-regex", settings.bodyRegex());
        this.network = network;
        this.ticker = ticker;
        if (!settings.path().matches("/[!-~]*")) {
            throw new IllegalArgumentException(
                    "path "
                            + Words.quote(settings.path())
                            + " cannot be asked for: it must begin with / and hold visible ASCII"
                            + " characters only");
        }
        if (settings.hostHeader() != null && !settings.hostHeader().matches("[!-~]*")) {
            throw new IllegalArgumentException(
                    "host-header "
                            + Words.quote(settings.hostHeader())
                            + " cannot be sent: it must hold visible ASCII characters only");
        }
    }

    @Override
    public CheckResult run(NodeAddress node, Duration timeout) throws InterruptedException {
        Deadline deadline = new Deadline(ticker, timeout);
        try (CheckConnection connection =
                CheckConnection.open(node, network, deadline, settings.useSsl())) {
            connection.write(request(node).getBytes(StandardCharsets.ISO_8859_1));
            HttpAnswer answer = HttpAnswer.read(connection, deadline);
            String found = "status " + answer.status();
            if (!status.matcher(Integer.toString(answer.status())).find()) {
                return CheckResult.failed(found + ", expected to match " + settings.statusRegex());
            }
            if (body != null) {
                PatternSearch.Outcome outcome =
                        PatternSearch.run(body, answer.body(), MOST_BODY_BYTES, deadline);
                if (!outcome.found()) {
                    return CheckResult.failed(found + ", " + noMatch(answer, outcome, timeout));
                }
            }
            return CheckResult.passed(found);
        } catch (CheckFailed e) {
            return CheckResult.failed(e.cause());
        }
    }

    String request(NodeAddress node) {
        StringBuilder request = new StringBuilder("GET ").append(settings.path());
        request.append(" HTTP/1.1\r\nHost: ");
        if (settings.hostHeader() != null) {
            request.append(settings.hostHeader());
        } else {
            // RFC 9110 section 4.2.3: the default port is left out.
            String address = node.toString();
            request.append(
                    node.port() == (settings.useSsl() ? 443 : 80)
                            ? address.substring(0, address.lastIndexOf(':'))
                            : address);
        }
        request.append("\r\nUser-Agent: Weir-monitor\r\nAccept: */*\r\nConnection: close\r\n");
        if (settings.authentication() != null) {
            byte[] pair = settings.authentication().reveal().getBytes(StandardCharsets.UTF_8);
            request.append("Authorization: Basic ")
                    .append(Base64.getEncoder().encodeToString(pair))
                    .append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private String noMatch(HttpAnswer answer, PatternSearch.Outcome outcome, Duration timeout) {
        String bytes = Words.bytes(outcome.text().length());
        String where =
                switch (outcome.end()) {
                    case FOUND, SOURCE ->
                            answer.body().cutOff()
                                    ? "body cut off after " + bytes
                                    : "body of " + bytes;
                    case LIMIT -> "first " + bytes + " of the body";
                    case TIME -> bytes + " of body within " + Words.duration(timeout);
                };
        String quoted = outcome.text().isEmpty() ? "" : " " + Words.quote(outcome.text());
        return where + quoted + ", expected a match for " + settings.bodyRegex();
    }
}
