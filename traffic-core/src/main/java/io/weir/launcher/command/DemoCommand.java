package io.weir.launcher.command;

import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.control.ControlStatus;
import io.weir.control.store.Directories;
import io.weir.control.store.DirectoryLock;
import io.weir.launcher.demo.DemoNode;
import io.weir.launcher.process.FixedSource;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Shows what Weir does, with nodes of its own. */
@Command(
        name = "demo",
        description =
                "Starts three small nodes and a virtual server in front of them to play with.",
        footer = {"", "Examples:", "  weir demo", "  weir demo --port 9000"})
final class DemoCommand extends WeirCommand {

    private static final int NODES = 3;
    private static final int PORTS_TRIED = 20;
    private static final int METRICS_PORT = 9070;
    private static final Duration DEAD_TIME = Duration.ofSeconds(20);

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "Where to listen, or the next free port after it; 0 for any. Default: 8080.")
    int port = 8080;

    @Mixin InstanceOptions instance = new InstanceOptions();

    DemoCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        if (port < 0 || port > 65535) {
            throw new CommandFailedException(
                    ExitCode.USAGE, "the port is " + port + ", expected 0 to 65535");
        }
        List<DemoNode> nodes = new ArrayList<>();
        Path files = null;
        try {
            files = Files.createTempDirectory("weir-demo-");
            for (int i = 1; i <= NODES; i++) {
                nodes.add(DemoNode.start("node-" + i, DEAD_TIME));
            }
            return serve(nodes, files);
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "the demonstration cannot start: " + e.getMessage());
        } finally {
            end(nodes, files);
        }
    }

    private int serve(List<DemoNode> nodes, Path files) throws CommandFailedException {
        int traffic = port == 0 ? 0 : freePort(port);
        int metrics = freePort(METRICS_PORT);
        FixedSource source =
                new FixedSource(
                        "the demonstration",
                        ConfigLoader.parse(
                                configuration(nodes, traffic, metrics),
                                Path.of("demo"),
                                Environment.of(Map.of(), Path.of("demo"))));
        Directories usual =
                ServerOptions.directories(
                        console, instance, files.resolve("state"), files.resolve("log"));
        String words = instance.words();
        if (busy(usual.run())) {
            usual = new Directories(files.resolve("run"), usual.state(), usual.log());
            words = " --run-dir " + usual.run();
        }
        Directories directories = usual;
        String weir = Files.isExecutable(Path.of("weir")) ? "./weir" : "weir";
        String others = words;
        Path log = usual.log();
        return Serving.serve(
                console,
                () -> Serving.start(console, source, false, directories),
                status -> announce(nodes, listener(status), metrics, log, weir, others));
    }

    private void announce(
            List<DemoNode> nodes, int traffic, int metrics, Path log, String weir, String words) {
        String url = "http://localhost:" + traffic;
        if (traffic != port && port != 0) {
            console.print("(port " + port + " is taken, so it is " + traffic + ")");
        }
        console.print("");
        console.print("Weir balances " + url + "/ over");
        nodes.forEach(n -> console.print("    " + n.name() + "  " + n.address()));
        console.print("");
        console.print("Open   " + url + "/ and load it again: another node answers");
        console.print("Try    curl " + url + "/");
        console.print("       curl '" + url + "/slow?ms=500'");
        console.print("       curl -i " + url + "/status/404");
        console.print("       curl -d 'some words' " + url + "/");
        console.print("Then   " + weir + " status" + words);
        console.print(
                "       "
                        + weir
                        + " drain "
                        + nodes.get(0).address()
                        + " --for 1m"
                        + words
                        + "      # no new work for node-1");
        console.print("       " + weir + " undrain " + nodes.get(0).address() + words);
        console.print(
                "       curl -X POST http://"
                        + nodes.get(1).address()
                        + "/kill    # node-2 dies for "
                        + DEAD_TIME.toSeconds()
                        + " s, and nobody notices");
        console.print("       " + weir + " events --follow" + words);
        console.print("See    http://127.0.0.1:" + metrics + "/health, /status and /metrics");
        console.print("       tail -f " + log.resolve("demo.log"));
        console.print("");
        console.print("Ctrl-C ends it.");
    }

    private static int listener(ControlStatus status) {
        String address = status.plane().virtualServers().getFirst().listen().getFirst();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static String configuration(List<DemoNode> nodes, int traffic, int metrics) {
        return """
        virtual-servers:
          demo:
            listen: ":%d"
            pool: demo
            log: true
        pools:
          demo:
            nodes: [%s]
            monitors: [demo]
            slow-start: 5s
        monitors:
          demo:
            type: http
            path: /health
            delay: 2s
            timeout: 2s
            failures: 1
            back-off: false
        global:
          metrics: 127.0.0.1:%d
          admin: off
          stop-timeout: 3s
        """
                .formatted(
                        traffic,
                        String.join(", ", nodes.stream().map(DemoNode::address).toList()),
                        metrics);
    }

    private static int freePort(int first) {
        for (int candidate = first; candidate < first + PORTS_TRIED; candidate++) {
            try (ServerSocket probe = new ServerSocket(candidate)) {
                return probe.getLocalPort();
            } catch (IOException | IllegalArgumentException e) {
                // taken, or beyond the last port: the next one
            }
        }
        return first; // the data plane will say what is wrong with it
    }

    private static boolean busy(Path run) {
        try {
            if (Files.isDirectory(run)) {
                DirectoryLock.claim(run).close();
            }
            return false;
        } catch (DirectoryLock.BusyException e) {
            return true;
        } catch (IOException e) {
            return false; // the start will say what is wrong with it
        }
    }

    private static void end(List<DemoNode> nodes, @Nullable Path files) {
        try {
            for (DemoNode node : nodes) {
                node.close();
            }
            if (files != null) {
                try (Stream<Path> all = Files.walk(files)) {
                    for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
        } catch (IOException e) {
            // What is left lies in the directory for temporary files.
        }
    }
}
