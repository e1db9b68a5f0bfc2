import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Weir of its own, with directories of its own. Confined to one thread. */
final class Weir implements AutoCloseable {

    private static final Pattern SERVES = Pattern.compile("serving .*? on ([0-9.]+:[0-9]+)");
    private static final Pattern ADMIN = Pattern.compile("at port ([0-9]+)");

    private final Path script;
    private final Path home;
    private final Process process;

    /**
     * Starts a Weir and waits until it serves.
     *
     * @param script {@code bin/weir}
     * @param home an empty directory
     */
    Weir(Path script, Path home, Path file, Map<String, String> variables)
            throws IOException, InterruptedException {
        this.script = script;
        this.home = home;
        ProcessBuilder builder =
                new ProcessBuilder(words("run", file.toString()))
                        .redirectOutput(home.resolve("out").toFile())
                        .redirectError(home.resolve("err").toFile());
        builder.environment().putAll(variables);
        process = builder.start();
        await(SERVES);
        await(ADMIN);
    }

    private List<String> words(String... words) {
        List<String> all = new ArrayList<>(List.of(script.toString()));
        all.addAll(List.of(words));
        all.addAll(List.of("--run-dir", home.resolve("run").toString()));
        if (words[0].equals("run")) {
            all.addAll(List.of("--state-dir", home.resolve("state").toString()));
            all.addAll(List.of("--log-dir", home.resolve("log").toString()));
        }
        return all;
    }

    private String await(Pattern pattern) throws IOException, InterruptedException {
        for (int i = 0; i < 600; i++) {
            Matcher matcher = pattern.matcher(said());
            if (matcher.find()) {
                return matcher.group(1);
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(100);
        }
        throw new IOException("Weir does not run:\n" + said());
    }

    private String said() throws IOException {
        return Files.readString(home.resolve("out")) + Files.readString(home.resolve("err"));
    }

    /** Where clients go. */
    URI service() throws IOException, InterruptedException {
        return URI.create("http://" + await(SERVES) + "/");
    }

    /** Chooses a password for the first user and signs in with it. */
    Soap soap() throws IOException, InterruptedException, GeneralSecurityException {
        String password = UUID.randomUUID().toString();
        Path secret = Files.writeString(home.resolve("secret"), password + "\n");
        Process command =
                new ProcessBuilder(
                                words(
                                        "user",
                                        "passwd",
                                        "admin",
                                        "--password-file",
                                        secret.toString()))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(command.getInputStream().readAllBytes());
        if (command.waitFor() != 0) {
            throw new IOException("weir user passwd: " + said);
        }
        URI endpoint = URI.create("https://127.0.0.1:" + await(ADMIN) + "/soap");
        return new Soap(endpoint, "admin", password, home.resolve("state/admin.pem"));
    }

    /** Everything that happened, as Weir has logged it. */
    String events() throws IOException {
        return Files.readString(home.resolve("log/events.log"));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
