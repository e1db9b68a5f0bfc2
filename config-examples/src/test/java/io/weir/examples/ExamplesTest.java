package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.load.Loaded;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Every example loads, runs and does what it says. */
class ExamplesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path logs;

    static List<Example> examples() {
        return Example.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void loadsWithoutErrorsAndWarnings(Example example) {
        Loaded loaded = example.load(Map.of());
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void runsAndDoesWhatItSays(Example example) throws Exception {
        Probes.Probe probe = Probes.ALL.get(example.name());
        assertThat(probe).as("the probe of %s in Probes.ALL", example).isNotNull();
        RunningExample running = WEIR.closing(new RunningExample(example, logs));
        Objects.requireNonNull(probe).ask(running);
    }

    @Test
    void everyProbeHasAnExample() {
        assertThat(Probes.ALL.keySet())
                .isSubsetOf(Example.all().stream().map(Example::name).toList());
    }

    @Test
    void theReadmeListsEveryExample() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(Example.all())
                .allSatisfy(
                        example ->
                                assertThat(readme)
                                        .contains("(examples/" + example.name() + "/weir.yaml)"));
    }
}
