package io.weir.launcher.command;

import io.weir.control.Author;
import io.weir.control.Rehearsal;
import io.weir.control.store.Directories;
import io.weir.launcher.demo.DemoNode;
import io.weir.launcher.process.FileSource;
import io.weir.launcher.process.Server;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs what a start of Weir and the usual commands run, and ends: the training run from which the
 * JVM makes its AOT cache.
 */
@Command(
        name = "train",
        hidden = true,
        description = "Exercises Weir for the JVM's AOT cache, and ends.",
        footer = {"", "Example:", "  java -XX:AOTCacheOutput=weir.aot ... train"})
final class TrainCommand extends WeirCommand {

    /** How often everything is asked of the admin server. */
    private static final int ROUNDS = 50;

    private static final long PATIENCE_SECONDS = 30;

    TrainCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        try {
            Path files = Files.createTempDirectory("weir-train-");
            try (DemoNode node = DemoNode.start("node-1", Duration.ofSeconds(1))) {
                train(node, files);
            } finally {
                delete(files);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "the training run failed: " + e.getMessage());
        }
    }

    private void train(DemoNode node, Path files) throws IOException, CommandFailedException {
        String text =
                """
                virtual-servers:
                  web:
                    listen: 127.0.0.1:0
                    pool: web
                    log: true
                pools:
                  web:
                    nodes: [%s]
                    monitors: [well]
                monitors:
                  well:
                    type: http
                    path: /health
                    delay: 1s
                global:
                  metrics: 127.0.0.1:0
                  admin: 127.0.0.1:0
                """
                        .formatted(node.address());
        Path file = Files.writeString(files.resolve("weir.yaml"), text);
        Directories directories =
                new Directories(files.resolve("run"), files.resolve("state"), files.resolve("log"));
        FileSource source = new FileSource(file, Map.of());
        CompletableFuture<String> firstUser = new CompletableFuture<>();
        try (Server server = Serving.start(console, source, true, directories)) {
            server.followSignals(console.halt());
            server.complete(firstUser::complete, console::complain);
            TrainingTraffic.to(listener(server));
            InetSocketAddress metrics = server.metrics();
            if (metrics != null) {
                look(metrics.getPort());
            }
            var _ = firstUser.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            administer(server, files);
            commands(file, directories, node);
            server.stop(Author.WEIR);
            server.awaitStop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the first user was not made", e);
        }
    }

    private static int listener(Server server) {
        String address =
                server.control().status().plane().virtualServers().getFirst().listen().getFirst();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static void look(int port) throws IOException {
        for (String page : new String[] {"/health", "/metrics", "/status"}) {
            try (TrainingClient client = TrainingClient.plain(port)) {
                client.ask("GET", page, "", "");
            }
        }
    }

    /** Signs in as the first user and asks what first users ask. */
    private void administer(Server server, Path files) throws IOException, InterruptedException {
        InetSocketAddress address = server.admin();
        if (address == null) {
            throw new IOException("the admin server does not listen");
        }
        String password = UUID.randomUUID().toString();
        Path file = Files.writeString(files.resolve("password"), password);
        Directories directories = server.directories();
        int code =
                CommandTree.execute(
                        silent(),
                        "user",
                        "passwd",
                        "admin",
                        "--password-file",
                        file.toString(),
                        "--run-dir",
                        directories.run().toString());
        if (code != ExitCode.OK) {
            throw new IOException("the first user cannot be given a password: exit code " + code);
        }
        String credentials =
                Base64.getEncoder()
                        .encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        List<Rehearsal> rehearsals = server.rehearsals();
        try (TrainingClient client =
                TrainingClient.tls(address.getPort(), directories.state().resolve("admin.pem"))) {
            for (int round = 0; round < ROUNDS; round++) {
                for (Rehearsal each : rehearsals) {
                    client.ask(each.method(), each.path(), fields(each, credentials), each.body());
                }
            }
        }
    }

    private static String fields(Rehearsal rehearsal, String credentials) {
        String fields = "Authorization: Basic " + credentials + "\r\n";
        if (rehearsal.body().isEmpty()) {
            return fields;
        }
        int length = rehearsal.body().getBytes(StandardCharsets.UTF_8).length;
        return fields
                + "Content-Type: "
                + rehearsal.contentType()
                + "\r\nContent-Length: "
                + length
                + "\r\n";
    }

    private void commands(Path file, Directories directories, DemoNode node) {
        Console silent = silent();
        String run = directories.run().toString();
        CommandTree.execute(silent, "check", file.toString());
        CommandTree.execute(silent, "status", "--run-dir", run);
        CommandTree.execute(silent, "status", "--run-dir", run, "-o", "json");
        CommandTree.execute(silent, "drain", node.address(), "--run-dir", run, "--for", "1m");
        CommandTree.execute(silent, "undrain", node.address(), "--run-dir", run);
        CommandTree.execute(silent, "reload", "--run-dir", run);
        CommandTree.execute(silent, "events", "--run-dir", run);
        CommandTree.execute(silent, "run", "--help");
        CommandTree.execute(silent, "version");
    }

    private Console silent() {
        return new Console(
                new PrintStream(OutputStream.nullOutputStream(), false),
                new PrintStream(OutputStream.nullOutputStream(), false),
                console.machine(),
                console.parts(),
                console.halt());
    }

    private static void delete(Path files) throws IOException {
        try (Stream<Path> all = Files.walk(files)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
