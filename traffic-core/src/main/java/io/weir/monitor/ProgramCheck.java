package io.weir.monitor;

import io.weir.config.MonitorConfig.Program;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an external program says that the node is well, by exit status 0. The program is given
 * its own arguments, then {@code --ipaddr}, {@code --port} and {@code --node} (the node's host as
 * configured), and no input. What it prints explains a failure: the first line on standard error,
 * or else on standard output.
 */
final class ProgramCheck implements Check {

    private final Program settings;
    private final Network network;
    private final Ticker ticker;

    ProgramCheck(Program settings, Network network, Ticker ticker) {
        this.settings = settings;
        this.network = network;
        this.ticker = ticker;
    }

    @Override
    public CheckResult run(NodeAddress node, Duration timeout) throws InterruptedException {
        Deadline deadline = new Deadline(ticker, timeout);
        try {
            InetSocketAddress address =
                    CheckConnection.atAnyAddress(node, network, deadline, (first, _) -> first);
            return run(start(node, address), deadline);
        } catch (CheckFailed e) {
            return CheckResult.failed(e.cause());
        }
    }

    private Process start(NodeAddress node, InetSocketAddress address) throws CheckFailed {
        List<String> command = new ArrayList<>();
        command.add(settings.program());
        command.addAll(settings.arguments());
        command.add("--ipaddr=" + address.getAddress().getHostAddress());
        command.add("--port=" + node.port());
        command.add("--node=" + node.host());
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new CheckFailed("program cannot be run: " + e.getMessage());
        }
    }

    private static CheckResult run(Process process, Deadline deadline) throws InterruptedException {
        ProgramRun.Ended ended = ProgramRun.await(process, deadline);
        String explained = ended.said().isEmpty() ? "" : ": " + ended.said();
        if (ended.status() == null) {
            return CheckResult.failed(
                    "program did not end within "
                            + Words.duration(deadline.timeout())
                            + " and was killed"
                            + explained);
        }
        return ended.status() == 0
                ? CheckResult.passed("exit status 0" + explained)
                : CheckResult.failed("exit status " + ended.status() + ", expected 0" + explained);
    }
}
