package io.weir.launcher;

import static org.assertj.core.api.Assertions.fail;

import io.weir.control.store.Directories;
import io.weir.launcher.command.CommandTree;
import io.weir.launcher.command.Console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Weir in a process of its own, with all its directories under one. */
final class WeirProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Has a process hear the signals that its parent was told to ignore, as those in the background
     * of a script are; empty where {@code env} is not GNU's.
     */
    private static final List<String> HEARING = hearing("env", "--default-signal=HUP,INT");

    private static final Pattern PORT = Pattern.compile("serving .*? on [^ ]*:([0-9]+)");

    private final Path home;
    private final Process process;
    private final Path out;
    private final Path err;

    private WeirProcess(Path home, Process process, Path out, Path err) {
        this.home = home;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    private static List<String> hearing(String... prefix) {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add("true");
        try {
            boolean known = new ProcessBuilder(command).start().waitFor() == 0;
            return known ? List.of(prefix) : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Starts a process without waiting for anything. */
    static WeirProcess start(Path home, String... arguments) throws IOException {
        return start(home, List.of(), arguments);
    }

    /** Starts a process that may have {@code handles} files open. */
    static WeirProcess startWithHandles(int handles, Path home, String... arguments)
            throws IOException {
        String limited = "ulimit -n " + handles + " && exec \"$@\"";
        return start(home, List.of("bash", "-c", limited, "limited"), arguments);
    }

    private static WeirProcess start(Path home, List<String> prefix, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(HEARING);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.weir.launcher.Main"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .directory(home.toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "WEIR_RUN_DIR", home.resolve("run").toString(),
                                "WEIR_STATE_DIR", home.resolve("state").toString(),
                                "WEIR_LOG_DIR", home.resolve("log").toString()));
        return new WeirProcess(home, builder.start(), out, err);
    }

    /** Starts a process and waits until it says that it is ready. */
    static WeirProcess ready(Path home, String... arguments) throws Exception {
        WeirProcess weir = start(home, arguments);
        weir.awaitOutput("ready after");
        return weir;
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    void awaitOutput(String text) throws Exception {
        awaitText(out, text);
    }

    void awaitError(String text) throws Exception {
        awaitText(err, text);
    }

    private void awaitText(Path file, String text) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(file).contains(text)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                fail("expected '%s', found:%n%s%n%s".formatted(text, out(), err()));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /** The port of its first listener. */
    int port() throws IOException {
        Matcher matcher = PORT.matcher(out());
        if (!matcher.find()) {
            throw new AssertionError("no port in " + out());
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** The answer to a GET over a connection of its own. */
    String get(String path) throws IOException {
        return get(port(), path);
    }

    static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(
                            ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Sends a signal: {@code TERM}, {@code INT}, {@code HUP}, {@code KILL}. */
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }

    /** The exit code, once it has ended. */
    int exitCode() throws Exception {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            fail("did not end:%n%s%n%s".formatted(out(), err()));
        }
        return process.exitValue();
    }

    /** Processor time that it has used. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Runs a command in this process against the Weir of that one. */
    Answer command(String... arguments) {
        return command(home, arguments);
    }

    static Answer command(Path home, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Directories.Machine machine =
                new Directories.Machine(
                        home, Map.of("WEIR_RUN_DIR", home.resolve("run").toString()), home, 1);
        Console console =
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        machine,
                        directories -> {
                            throw new IllegalStateException("serves nothing");
                        },
                        () -> {});
        int code = CommandTree.execute(console, arguments);
        return new Answer(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    record Answer(int code, String out, String err) {}

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
