package io.weir.launcher.process;

import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.KeptConfig;
import io.weir.control.ConfigSource;

import java.nio.file.Path;
import java.util.Map;

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
        return Candidate.of(ConfigLoader.load(main, environment));
    }

    @Override
    public Candidate restore(KeptConfig kept) {
        return Candidate.of(ConfigLoader.restore(kept, main, environment));
    }
}
