package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.weir.config.WeirConfig;

import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whatever text comes as a configuration: it is loaded, or refused with reasons that have a place
 * in it; what is loaded can be written and loaded again.
 */
class ConfigFuzzTest {

    /** The main file of every golden case. */
    static Stream<byte[]> seeds() {
        return GoldenConfigTest.cases().stream().map(ConfigFuzzTest::mainFile);
    }

    private static byte[] mainFile(Path folder) {
        try {
            return Files.readAllBytes(folder.resolve("weir.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void isLoadedOrRefusedWithReasons(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        Loaded loaded = Loading.text(text);
        assertThat(loaded.config() == null)
                .as("refused because of %s", loaded.problems())
                .isEqualTo(!loaded.errors().isEmpty());
        int lines = text.split("\r\n|[\r\n\u0085\u2028\u2029]", -1).length;
        for (Problem problem : loaded.problems()) {
            assertThat(problem.line()).as("%s", problem).isBetween(0, lines);
            assertThat(problem.column()).as("%s", problem).isBetween(0, text.length() + 1);
            assertThat(problem.message()).isNotBlank();
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void comesBackFromItsCanonicalText(byte[] data) {
        WeirConfig config = Loading.text(new String(data, StandardCharsets.UTF_8)).config();
        if (config != null) {
            String canonical = ConfigWriter.canonical(config);
            Loaded again = Loading.text(canonical);
            assertThat(again.errors()).as(canonical).isEqualTo(List.of());
            assertThat(again.config())
                    .isNotNull()
                    .extracting(ConfigWriter::canonical)
                    .isEqualTo(canonical);
        }
    }
}
