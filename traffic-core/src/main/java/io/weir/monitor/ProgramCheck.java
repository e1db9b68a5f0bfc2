package io.weir.monitor;

import io.weir.config.MonitorConfig.Program;
import io.weir.config.NodeAddress;
import io.weir.time.Ticker;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Whether an external program says that the node is well, by exit status 0. The program is given
 * its own arguments, then {@code --ipaddr}, {@code --port} and {@code --node} (the node's host as
 * configured), and no input. What it prints explains a failure: the first line on standard error,
 * or else on standard output.
 */
final class ProgramCheck implements Check {

    /**
     * How often output is taken from the program, which would otherwise block when a pipe is full.
     * It is polled, because a read would hold the carrier of the virtual thread, and would go on
     * after the exit for as long as any child of the program holds the pipe.
     */
    private static final Duration POLL = Duration.ofMillis(50);

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
        FirstLine output = new FirstLine(process.getInputStream());
        FirstLine errors = new FirstLine(process.getErrorStream());
        try {
            close(process.getOutputStream());
            boolean exited = false;
            while (!exited && !deadline.passed()) {
                exited = process.waitFor(deadline.atMost(POLL).toNanos(), TimeUnit.NANOSECONDS);
                output.drain();
                errors.drain();
            }
            String said = errors.text().isEmpty() ? output.text() : errors.text();
            String explained = said.isEmpty() ? "" : ": " + said;
            if (!exited) {
                return CheckResult.failed(
                        "program did not end within "
                                + Words.duration(deadline.timeout())
                                + " and was killed"
                                + explained);
            }
            int status = process.exitValue();
            return status == 0
                    ? CheckResult.passed("exit status 0" + explained)
                    : CheckResult.failed("exit status " + status + ", expected 0" + explained);
        } finally {
            if (process.isAlive()) {
                kill(process.toHandle());
            }
            close(process.getInputStream());
            close(process.getErrorStream());
        }
    }

    /**
     * Kills a process and all that descend from it. The children are asked for just before their
     * parent dies, since afterwards nothing shows whose they were.
     */
    private static void kill(ProcessHandle process) {
        List<ProcessHandle> children = process.children().toList();
        process.destroyForcibly();
        children.forEach(ProgramCheck::kill);
    }

    private static void close(Closeable stream) {
        try {
            stream.close();
        } catch (IOException _) {
            // The other end is gone already, which is as good.
        }
    }

    /** The first line with something on it that comes out of a stream; the rest is thrown away. */
    private static final class FirstLine {

        private static final int MOST_BYTES = 1024;

        // A program that prints for ever must not keep us from looking at the time.
        private static final int MOST_READS = 64;

        private final InputStream stream;
        private final byte[] buffer = new byte[16 * 1024];
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private boolean complete;

        FirstLine(InputStream stream) {
            this.stream = stream;
        }

        /** Takes what is there without waiting for more. */
        void drain() {
            try {
                for (int i = 0; i < MOST_READS && stream.available() > 0; i++) {
                    int count = stream.read(buffer, 0, Math.min(buffer.length, stream.available()));
                    for (int at = 0; at < count && !complete; at++) {
                        add(buffer[at]);
                    }
                }
            } catch (IOException _) {
                complete = true;
            }
        }

        private void add(byte next) {
            if (next == '\n') {
                complete = !text().isEmpty();
                if (!complete) {
                    line.reset();
                }
            } else {
                line.write(next);
                complete = line.size() == MOST_BYTES;
            }
        }

        /** The line so far, without control characters. */
        String text() {
            return line.toString(StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ").strip();
        }
    }
}
