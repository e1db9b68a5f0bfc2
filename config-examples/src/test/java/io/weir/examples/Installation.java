package io.weir.examples;

import static org.assertj.core.api.Assertions.fail;

import io.weir.testkit.Await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weir as the zip installs it: the launcher script in {@code bin}, a jar in {@code lib}, and run,
 * state and log directories of its own. The jar only names the class path of the test, because the
 * zip itself is made after the tests.
 */
public final class Installation {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern LISTENS = Pattern.compile("serving .*? on ([0-9.]+:[0-9]+)");

    private final Path home;
    private final Path script;

    /** What a command said, and its exit code. */
    public record Answer(int code, String out, String err) {}

    /**
     * Installs Weir.
     *
     * @param home an empty directory
     */
    public Installation(Path home) throws IOException {
        this.home = home;
        this.script = home.resolve("bin/weir");
        Files.createDirectories(script.getParent());
        Files.copy(Path.of("..", "weir"), script);
        if (!script.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + script + " executable");
        }
        StringBuilder places = new StringBuilder();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            places.append(Path.of(entry).toUri()).append(' ');
        }
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.CLASS_PATH, places.toString());
        Path lib = Files.createDirectories(home.resolve("lib"));
        new JarOutputStream(Files.newOutputStream(lib.resolve("weir.jar")), manifest).close();
    }

    /** Runs {@code bin/weir} to its end. */
    public Answer weir(String... words) throws Exception {
        return weir(Map.of(), words);
    }

    /** Runs {@code bin/weir} to its end with further environment variables. */
    public Answer weir(Map<String, String> environment, String... words) throws Exception {
        try (Running running = start(environment, words)) {
            int code = running.exitCode();
            return new Answer(code, running.out(), running.err());
        }
    }

    /** Starts {@code bin/weir run FILE} and waits until it is ready. */
    public Running run(Path file) throws Exception {
        Running running = start(Map.of(), "run", file.toString());
        Await.until(
                "the ready line",
                PATIENCE,
                () -> running.out().contains("ready after") || !running.process.isAlive());
        if (!running.process.isAlive()) {
            fail("ended:%n%s%n%s".formatted(running.out(), running.err()));
        }
        return running;
    }

    /** Starts {@code bin/weir}. */
    public Running start(Map<String, String> environment, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(words));
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> variables = builder.environment();
        variables.put("WEIR_JAVA_HOME", System.getProperty("java.home"));
        variables.put("WEIR_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        variables.put("WEIR_NO_AOT", "1");
        variables.put("WEIR_RUN_DIR", home.resolve("run").toString());
        variables.put("WEIR_STATE_DIR", home.resolve("state").toString());
        variables.put("WEIR_LOG_DIR", home.resolve("log").toString());
        variables.putAll(environment);
        return new Running(builder.start(), out, err);
    }

    /** A started {@code bin/weir}. */
    public static final class Running implements AutoCloseable {

        private final Process process;
        private final Path out;
        private final Path err;

        private Running(Process process, Path out, Path err) {
            this.process = process;
            this.out = out;
            this.err = err;
        }

        public String out() {
            return text(out);
        }

        public String err() {
            return text(err);
        }

        private static String text(Path file) {
            try {
                return Files.readString(file, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The address of its first listener. */
        public String address() {
            Matcher matcher = LISTENS.matcher(out());
            if (!matcher.find()) {
                throw new AssertionError("no address in " + out());
            }
            return matcher.group(1);
        }

        /** Sends a signal: {@code TERM}, {@code HUP}, {@code KILL}. */
        public void signal(String name) throws Exception {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        }

        /** Whether it has ended. */
        public boolean hasEnded() {
            return !process.isAlive();
        }

        /** The exit code, once it has ended. */
        public int exitCode() throws Exception {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                fail("did not end:%n%s%n%s".formatted(out(), err()));
            }
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
