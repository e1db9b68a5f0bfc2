package io.weir.monitor;

import io.weir.config.MonitorConfig.Connect;
import io.weir.config.MonitorConfig.Dns;
import io.weir.config.MonitorConfig.Http;
import io.weir.config.MonitorConfig.Ping;
import io.weir.config.MonitorConfig.Probe;
import io.weir.config.MonitorConfig.Program;
import io.weir.config.MonitorConfig.TcpTransaction;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import java.time.Duration;

/**
 * A way to find out whether a node is well, with its settings. A check keeps no state between runs
 * and may run several times at once, each time on a virtual thread of its own, where it may block.
 */
@FunctionalInterface
public interface Check {

    /**
     * Checks {@code node} once. Ends when {@code timeout} has passed, whatever the node does, and
     * at once when its thread is interrupted.
     *
     * @return a failure too when the time has run out
     * @throws InterruptedException when nobody wants the result any more
     */
    CheckResult run(NodeAddress node, Duration timeout) throws InterruptedException;

    /**
     * Makes the built-in check that {@code probe} describes.
     *
     * @throws IllegalArgumentException when a setting cannot be used, naming it
     */
    static Check of(Probe probe, Network network, Ticker ticker) {
        return switch (probe) {
            case Ping _ -> new PingCheck(network, ticker);
            case Connect _ -> new ConnectCheck(network, ticker);
            case Http http -> new HttpCheck(http, network, ticker);
            case TcpTransaction dialogue -> new TcpTransactionCheck(dialogue, network, ticker);
            case Dns dns -> new DnsCheck(dns, network, ticker);
            case Program program -> new ProgramCheck(program, network, ticker);
        };
    }
}
