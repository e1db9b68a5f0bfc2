package io.weir.launcher.process;

import io.weir.config.load.KeptConfig;
import io.weir.config.load.Loaded;
import io.weir.control.ConfigSource;

/** A configuration that stays what it is, such as one made of arguments. */
public final class FixedSource implements ConfigSource {

    private final String name;
    private final Candidate candidate;

    /**
     * @param name what people call it
     */
    public FixedSource(String name, Loaded loaded) {
        this.name = name;
        this.candidate = Candidate.of(loaded);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Candidate read() {
        return candidate;
    }

    @Override
    public Candidate restore(KeptConfig kept) {
        return candidate;
    }
}
