package io.weir.monitor;

import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Whether the node's machine is there. An ICMP echo decides where the process may send one; else a
 * TCP connect to the node's port does, and there a refusal counts as well, since only a living
 * machine refuses. Whether anything listens is the business of {@link ConnectCheck}.
 */
final class PingCheck implements Check {

    private final Network network;
    private final Ticker ticker;

    PingCheck(Network network, Ticker ticker) {
        this.network = network;
        this.ticker = ticker;
    }

    @Override
    public CheckResult run(NodeAddress node, Duration timeout) throws InterruptedException {
        Deadline deadline = new Deadline(ticker, timeout);
        try {
            return CheckResult.passed(
                    CheckConnection.atAnyAddress(
                            node, network, deadline, network.mayEcho() ? this::echo : this::knock));
        } catch (CheckFailed e) {
            return CheckResult.failed(e.cause());
        }
    }

    private String echo(InetSocketAddress address, Duration within)
            throws CheckFailed, InterruptedException {
        InetAddress machine = address.getAddress();
        if (!network.echo(machine, within)) {
            throw new CheckFailed(
                    "no ICMP echo reply from "
                            + machine.getHostAddress()
                            + " within "
                            + Words.duration(within));
        }
        return machine.getHostAddress() + " sent an ICMP echo reply";
    }

    private String knock(InetSocketAddress address, Duration within)
            throws CheckFailed, InterruptedException {
        try (CheckConnection connection = CheckConnection.to(address, within)) {
            return connection.peer() + " accepted a connection";
        } catch (CheckFailed.Refused e) {
            return e.cause() + ", so the machine is there";
        }
    }
}
