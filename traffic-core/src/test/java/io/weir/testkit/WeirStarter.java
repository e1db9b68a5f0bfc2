package io.weir.testkit;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.event.BoundedEventBus;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.pool.NodeNames;
import io.weir.runtime.DataPlane;
import io.weir.runtime.WeirRuntime;
import io.weir.time.Ticker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The one place that knows how a Weir is started from the text of a configuration. */
@FunctionalInterface
interface WeirStarter {

    /** Starts a Weir that listens when this returns. */
    RunningWeir start(String yaml);

    /**
     * Starts a Weir in this process; node names know {@code localhost} and {@code node.test} only,
     * both of which are this machine.
     */
    static WeirStarter inProcess() {
        return inProcess(Ticker.system());
    }

    /** The same with a clock of the test's choice. */
    static WeirStarter inProcess(Ticker ticker) {
        return inProcess(ticker, Path.of(""));
    }

    /** The same with a directory that files are relative to. */
    static WeirStarter inProcess(Ticker ticker, Path directory) {
        return yaml -> {
            WeirConfig config = config(yaml, directory);
            Path logs;
            try {
                logs = Files.createTempDirectory("weir-test-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            BoundedEventBus events = BoundedEventBus.start(ticker);
            AccessLogs accessLogs = new AccessLogs(logs, ticker, events);
            Metrics metrics = new Metrics(WeirRuntime.eventLoops(config.global()));
            List<InetAddress> here = List.of(InetAddress.getLoopbackAddress());
            NodeNames names = NodeNames.of(Map.of("localhost", here, "node.test", here));
            DataPlane plane =
                    new WeirRuntime(
                            config.global(),
                            new WeirRuntime.Services(ticker, events, metrics, accessLogs, names));
            RunningWeir weir =
                    new RunningWeir(
                            plane,
                            text -> plane.apply(config(text, directory), Overlay.EMPTY),
                            events,
                            accessLogs,
                            metrics,
                            logs);
            weir.apply(yaml);
            return weir;
        };
    }

    private static WeirConfig config(String yaml, Path directory) {
        Path name = directory.resolve("test.yaml");
        Loaded loaded =
                ConfigLoader.parse(yaml, name, new Environment(Map.of(), Path.of("no-secrets")));
        WeirConfig config = loaded.config();
        if (config == null) {
            throw new AssertionError(loaded.errors() + "\n" + yaml);
        }
        return config;
    }
}
