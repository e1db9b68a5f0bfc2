package io.weir.monitor;

import com.google.re2j.Pattern;

import io.weir.config.MonitorConfig.TcpTransaction;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Whether the node keeps to a short dialogue: we send something, what comes back must match. */
final class TcpTransactionCheck implements Check {

    /** What "no limit" means, since every buffer has a bound. */
    static final int MOST_BYTES = 256 * 1024;

    private final TcpTransaction dialogue;
    private final Pattern response;
    private final int limit;
    private final Network network;
    private final Ticker ticker;

    TcpTransactionCheck(TcpTransaction dialogue, Network network, Ticker ticker) {
        this.dialogue = dialogue;
        this.response = PatternSearch.compile("response-regex", dialogue.responseRegex());
        int most = dialogue.maxResponseLength();
        this.limit = most > 0 ? Math.min(most, MOST_BYTES) : MOST_BYTES;
        this.network = network;
        this.ticker = ticker;
    }

    @Override
    public CheckResult run(NodeAddress node, Duration timeout) throws InterruptedException {
        Deadline deadline = new Deadline(ticker, timeout);
        try (CheckConnection connection =
                CheckConnection.open(node, network, deadline, dialogue.useSsl())) {
            if (dialogue.writeString() != null) {
                connection.write(dialogue.writeString().getBytes(StandardCharsets.ISO_8859_1));
            }
            PatternSearch.Outcome outcome =
                    PatternSearch.run(response, connection, limit, deadline);
            if (!outcome.found()) {
                return CheckResult.failed(
                        found(outcome, timeout)
                                + ", expected a match for "
                                + dialogue.responseRegex());
            }
            takeLeave(connection);
            return CheckResult.passed("answered " + Words.quote(outcome.text()));
        } catch (CheckFailed e) {
            return CheckResult.failed(e.cause());
        }
    }

    private static String found(PatternSearch.Outcome outcome, Duration timeout) {
        int length = outcome.text().length();
        String answer =
                length == 0
                        ? "no answer"
                        : "answer " + Words.quote(outcome.text()) + " of " + Words.bytes(length);
        return switch (outcome.end()) {
            case FOUND, LIMIT -> answer;
            case SOURCE -> answer + " before the node closed the connection";
            case TIME -> answer + " within " + Words.duration(timeout);
        };
    }

    private void takeLeave(CheckConnection connection) throws InterruptedException {
        if (dialogue.closeString() != null) {
            try {
                connection.write(dialogue.closeString().getBytes(StandardCharsets.ISO_8859_1));
            } catch (CheckFailed _) {
                // The node has already said what it was asked for; it may hang up first.
            }
        }
    }
}
