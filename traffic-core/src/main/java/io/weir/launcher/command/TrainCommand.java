package io.weir.launcher.command;

import io.weir.control.Author;
import io.weir.control.store.Directories;
import io.weir.launcher.demo.DemoNode;
import io.weir.launcher.process.FileSource;
import io.weir.launcher.process.Server;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
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

    private static final int REQUESTS = 300;

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
        try (Server server = Serving.start(console, source, true, directories)) {
            server.followSignals(console.halt());
            server.complete(notice -> {}, console::complain);
            exchange(listener(server));
            InetSocketAddress metrics = server.metrics();
            if (metrics != null) {
                look(metrics.getPort());
            }
            server.rehearse();
            commands(file, directories, node);
            server.stop(Author.WEIR);
            server.awaitStop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static int listener(Server server) {
        String address =
                server.control().status().plane().virtualServers().getFirst().listen().getFirst();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static void exchange(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            for (int i = 0; i < REQUESTS; i++) {
                switch (i % 3) {
                    case 0 ->
                            ask(socket, "GET /?i=" + i + " HTTP/1.1", "Accept: text/html\r\n", "");
                    case 1 -> ask(socket, "POST / HTTP/1.1", "Content-Length: 5\r\n", "hello");
                    default ->
                            ask(
                                    socket,
                                    "POST / HTTP/1.1",
                                    "Transfer-Encoding: chunked\r\n",
                                    "5\r\nhello\r\n0\r\n\r\n");
                }
            }
        }
    }

    private static void look(int port) throws IOException {
        for (String page : new String[] {"/health", "/metrics", "/status"}) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(10_000);
                ask(socket, "GET " + page + " HTTP/1.1", "", "");
            }
        }
    }

    private static void ask(Socket socket, String line, String fields, String body)
            throws IOException {
        OutputStream out = socket.getOutputStream();
        String request = line + "\r\nHost: localhost\r\n" + fields + "\r\n" + body;
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("an exchange ended early");
            }
            head.append((char) c);
        }
        for (String field : head.toString().split("\r\n", -1)) {
            if (field.regionMatches(true, 0, "content-length:", 0, 15)) {
                in.skipNBytes(Long.parseLong(field.substring(15).strip()));
            }
        }
    }

    private void commands(Path file, Directories directories, DemoNode node) {
        Console silent =
                new Console(
                        new PrintStream(OutputStream.nullOutputStream(), false),
                        new PrintStream(OutputStream.nullOutputStream(), false),
                        console.machine(),
                        console.parts(),
                        console.halt());
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

    private static void delete(Path files) throws IOException {
        try (Stream<Path> all = Files.walk(files)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
