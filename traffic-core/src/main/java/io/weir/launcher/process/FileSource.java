package io.weir.launcher.process;

import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.ConfigWriter;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.control.ConfigSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A configuration file with all that it includes. */
public final class FileSource implements ConfigSource {

    private final Path main;
    private final Environment environment;

    /**
     * @param main the main file; problems name it as it is given here
     * @param variables for {@code ${env:NAME}}
     */
    public FileSource(Path main, Map<String, String> variables) {
        this.main = main;
        this.environment = Environment.of(variables, main);
    }

    @Override
    public String name() {
        return main.toAbsolutePath().normalize().toString();
    }

    @Override
    public Candidate read() {
        return candidate(ConfigLoader.load(main, environment));
    }

    @Override
    public Candidate restore(String canonical) {
        return candidate(ConfigLoader.parse(canonical, main, environment));
    }

    static ConfigSource.Candidate candidate(Loaded loaded) {
        List<Path> watched = new ArrayList<>();
        StringBuilder content = new StringBuilder();
        for (Loaded.SourceFile file : loaded.files()) {
            watched.add(file.path());
            content.append(file.path()).append('\n').append(file.hash()).append('\n');
        }
        watched.addAll(loaded.directories());
        WeirConfig config = loaded.config();
        Supplier<String> canonical = config == null ? null : () -> ConfigWriter.canonical(config);
        return new Candidate(config, loaded.problems(), watched, sha256(content), canonical);
    }

    private static String sha256(CharSequence content) {
        try {
            byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
