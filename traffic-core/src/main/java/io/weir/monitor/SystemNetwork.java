package io.weir.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The network of the operating system. A look-up or an echo cannot be broken off, so it runs on a
 * thread of its own and a caller whose time is up leaves it behind; all who ask for a name while it
 * is looked up share one look-up, so a silent name server costs one thread for each name.
 */
final class SystemNetwork implements Network {

    private static final int CAP_NET_RAW = 13;

    private final Executor threads;
    private final boolean mayEcho = hasCapability(CAP_NET_RAW);
    private final ConcurrentMap<String, Future<List<InetAddress>>> lookups =
            new ConcurrentHashMap<>();

    SystemNetwork(Executor threads) {
        this.threads = threads;
    }

    @Override
    public List<InetAddress> addresses(String name, Duration within)
            throws UnknownHostException, TimeoutException, InterruptedException {
        FutureTask<List<InetAddress>> fresh = new FutureTask<>(() -> lookUp(name));
        Future<List<InetAddress>> running = lookups.putIfAbsent(name, fresh);
        if (running == null) {
            running = fresh;
            start(name, fresh);
        }
        try {
            return running.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw unknown(name, e);
        }
    }

    private void start(String name, FutureTask<List<InetAddress>> lookup)
            throws UnknownHostException {
        try {
            threads.execute(lookup);
        } catch (RejectedExecutionException e) {
            lookups.remove(name);
            throw unknown(name, e);
        }
    }

    private static UnknownHostException unknown(String name, Exception cause) {
        UnknownHostException unknown = new UnknownHostException(name);
        unknown.initCause(cause);
        return unknown;
    }

    private List<InetAddress> lookUp(String name) throws UnknownHostException {
        try {
            return List.of(InetAddress.getAllByName(name));
        } finally {
            lookups.remove(name);
        }
    }

    @Override
    public boolean mayEcho() {
        return mayEcho;
    }

    @Override
    public boolean echo(InetAddress address, Duration within) throws InterruptedException {
        int millis = Deadline.millis(within);
        FutureTask<Boolean> answered = new FutureTask<>(() -> address.isReachable(millis));
        try {
            threads.execute(answered);
            return answered.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException | TimeoutException | ExecutionException _) {
            return false;
        }
    }

    /**
     * Whether the process holds a Linux capability. {@code isReachable} itself does not tell: where
     * it may not send an echo it quietly tries TCP port 7 instead.
     */
    private static boolean hasCapability(int number) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("CapEff:")) {
                    long held = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                    return ((held >>> number) & 1) == 1;
                }
            }
        } catch (IOException | NumberFormatException _) {
            // Not Linux, or no /proc: behave as a process without the right.
        }
        return false;
    }
}
