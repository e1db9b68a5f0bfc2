package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.WeirConfig;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Ways to load that tests share. */
final class Loading {

    private Loading() {}

    /** The outcome of loading {@code text}, with nothing around it. */
    static Loaded text(String text) {
        return ConfigLoader.parse(
                text, Path.of("weir.yaml"), new Environment(Map.of(), Path.of("no-secrets")));
    }

    /** The configuration in {@code text}, which must have no problems. */
    static WeirConfig config(String text) {
        Loaded loaded = text(text);
        assertThat(loaded.problems()).isEmpty();
        return Objects.requireNonNull(loaded.config());
    }
}
