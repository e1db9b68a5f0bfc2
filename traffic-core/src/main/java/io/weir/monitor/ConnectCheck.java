package io.weir.monitor;

import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import java.time.Duration;

/** Whether the node accepts a TCP connection, which is closed again at once. */
final class ConnectCheck implements Check {

    private final Network network;
    private final Ticker ticker;

    ConnectCheck(Network network, Ticker ticker) {
        this.network = network;
        this.ticker = ticker;
    }

    @Override
    public CheckResult run(NodeAddress node, Duration timeout) throws InterruptedException {
        Deadline deadline = new Deadline(ticker, timeout);
        try (CheckConnection connection = CheckConnection.open(node, network, deadline)) {
            return CheckResult.passed(connection.peer() + " accepted a connection");
        } catch (CheckFailed e) {
            return CheckResult.failed(e.cause());
        }
    }
}
