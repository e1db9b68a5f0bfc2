import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.spi.ToolProvider;

/**
 * The machines that a utility manager owns, played by processes: each has a name and an address
 * that it keeps. Safe for every thread.
 */
final class Machines implements AutoCloseable {

    private final Path classes;
    private final Map<String, Process> processes = new ConcurrentHashMap<>();
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();

    /**
     * Prepares what machines run.
     *
     * @param program the source of the service
     * @param classes a directory for what is made of it
     */
    Machines(Path program, Path classes) throws IOException {
        this.classes = classes;
        int failed =
                ToolProvider.findFirst("javac")
                        .orElseThrow(() -> new IOException("a JDK is needed, with javac"))
                        .run(System.out, System.err, "-d", classes.toString(), program.toString());
        if (failed != 0) {
            throw new IOException("cannot compile " + program);
        }
    }

    /** Starts a machine; returns its address when its service listens. */
    String start(String name) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classes.toString(),
                                "Node",
                                name,
                                String.valueOf(ports.getOrDefault(name, 0)))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("port ")) {
            process.destroyForcibly();
            throw new IOException("machine " + name + " did not start: " + line);
        }
        ports.put(name, Integer.valueOf(line.substring("port ".length())));
        processes.put(name, process);
        return address(name);
    }

    /** Where the service of a machine listens, or did. */
    String address(String name) {
        return "127.0.0.1:" + ports.get(name);
    }

    /** The machine with this address; empty when there is none. */
    String at(String address) {
        return ports.keySet().stream()
                .filter(name -> address(name).equals(address))
                .findFirst()
                .orElse("");
    }

    /** Pulls the plug. */
    void kill(String name) {
        Process process = processes.remove(name);
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Makes a machine slow, or quick again. */
    void delay(String name, long millis) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + address(name) + "/delay/" + millis);
            client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
        }
    }

    @Override
    public void close() {
        processes.keySet().forEach(this::kill);
    }
}
