package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Files made to hurt the reader are refused in bounded time and space. The limits of time only keep
 * a regression from hanging the build.
 */
class HostileYamlTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void aliasesThatUnfoldToBillionsAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [");
            bomb.append((alias + ", ").repeat(8)).append(alias).append("]\n");
        }
        assertThat(codes(bomb.toString())).contains(ProblemCode.ALIAS);
    }

    @Test
    void manyAliasesOfOneLargeListAreRefused() {
        String bomb =
                "a: &a ["
                        + "x, ".repeat(20_000)
                        + "x]\n"
                        + "b: ["
                        + "*a, ".repeat(20_000)
                        + "*a]\n";
        assertThat(codes(bomb)).contains(ProblemCode.ALIAS);
    }

    @Test
    void deepNestingIsRefusedHoweverItIsWritten() {
        assertThat(codes("[".repeat(200_000))).containsExactly(ProblemCode.TOO_DEEP);
        assertThat(codes("{a: ".repeat(200_000))).containsExactly(ProblemCode.TOO_DEEP);
        assertThat(codes("- ".repeat(200_000) + "x\n")).containsExactly(ProblemCode.TOO_DEEP);
        assertThat(codes("? ".repeat(200_000) + "x\n")).containsExactly(ProblemCode.TOO_DEEP);
        StringBuilder stairs = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            stairs.append(" ".repeat(i)).append("a:\n");
        }
        assertThat(codes(stairs.toString())).containsExactly(ProblemCode.TOO_DEEP);
    }

    @Test
    void aFileThatIsTooLargeIsRefused() {
        byte[] bytes = new byte[SourceFiles.MAX_FILE + 1];
        java.util.Arrays.fill(bytes, (byte) '\n');
        assertThat(LoadingFiles.load(bytes).problems())
                .extracting(Problem::code)
                .containsExactly(ProblemCode.TOO_LARGE);
    }

    @Test
    void filesThatAreTooLargeTogetherAreRefused() throws IOException {
        Files.createDirectory(directory.resolve("conf.d"));
        Path main = directory.resolve("weir.yaml");
        Files.writeString(main, "virtual-servers: {}\n");
        String filling = "# " + "x".repeat(SourceFiles.MAX_FILE - 20) + "\npools: {}\n";
        for (int i = 0; i < 5; i++) {
            Files.writeString(directory.resolve("conf.d/" + i + ".yaml"), filling);
        }
        Loaded loaded = ConfigLoader.load(main, Environment.of(Map.of(), main));
        assertThat(loaded.errors())
                .extracting(Problem::code)
                .containsExactly(ProblemCode.TOO_LARGE);
    }

    @Test
    void tooManyFilesAreRefused() throws IOException {
        Files.createDirectory(directory.resolve("conf.d"));
        Path main = directory.resolve("weir.yaml");
        Files.writeString(main, "virtual-servers: {}\n");
        for (int i = 0; i < Sources.MAX_FILES; i++) {
            Files.createFile(directory.resolve("conf.d/" + i + ".yaml"));
        }
        Loaded loaded = ConfigLoader.load(main, Environment.of(Map.of(), main));
        assertThat(loaded.errors())
                .extracting(Problem::code)
                .containsExactly(ProblemCode.TOO_LARGE);
    }

    @Test
    void aSecretThatIsTooLargeIsRefused() throws IOException {
        Files.createDirectory(directory.resolve("secrets"));
        Files.write(directory.resolve("secrets/big"), new byte[SourceFiles.MAX_SECRET + 1]);
        Path main = directory.resolve("weir.yaml");
        Files.writeString(main, "virtual-servers: {a: {pool: \"${file:big}\", listen: \":80\"}}\n");
        Loaded loaded = ConfigLoader.load(main, Environment.of(Map.of(), main));
        assertThat(loaded.errors())
                .extracting(Problem::code)
                .contains(ProblemCode.SECRET_UNREADABLE);
    }

    @Test
    void hugeTextsNumbersAndKeysAreReportedInShort() {
        String huge = "9".repeat(1_000_000);
        for (String text :
                List.of(
                        "virtual-servers: {web: {timeout: " + huge + "}}\n",
                        "virtual-servers: {web: {listen: 'a" + huge + "'}}\n",
                        "virtual-servers: {web: {pool: ['" + huge + ":" + huge + "']}}\n",
                        "virtual-servers: {web: {max-client-buffer: " + huge + "B}}\n",
                        "virtual-servers: {'" + huge + "': {}}\n",
                        "virtual-servers: {web: {'" + huge + "': 1}}\n",
                        "pools: {p: {retry-budget: " + huge + "}}\n",
                        "pools: {p: {algorithm: r" + huge + "}}\n")) {
            Loaded loaded = assertTimeoutPreemptively(PATIENCE, () -> Loading.text(text));
            assertThat(loaded.errors()).isNotEmpty();
            assertThat(loaded.errors())
                    .allSatisfy(p -> assertThat(p.message().length()).isLessThan(1000));
        }
    }

    @Test
    void anExpressionThatWouldTakeForeverElsewhereCompiles() {
        String text =
                """
                virtual-servers: {web: {listen: ":80", pool: p}}
                pools: {p: {nodes: [a:80], monitors: [m]}}
                monitors: {m: {type: http, body-regex: "(a+)+$"}}
                """;
        assertThat(Loading.text(text).problems()).isEmpty();
    }

    @Test
    void whateverIsDoneToAFileTheOutcomeIsAConfigurationOrAnError() {
        List<String> seeds =
                List.of(
                        SchemaKeys.BASE,
                        SchemaKeys.flow(SchemaKeys.baseWithoutFiles()),
                        ConfigWriter.canonical(
                                java.util.Objects.requireNonNull(
                                        Loading.text(SchemaKeys.flow(SchemaKeys.baseWithoutFiles()))
                                                .config())));
        String spice = "{}[]:,-*&!|>'\"%@`#?\\\n\t \u0000é😀$019a~";
        Random random = new Random(20_240_601);
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder(seeds.get(round % seeds.size()));
            int edits = 1 + random.nextInt(4);
            for (int i = 0; i < edits; i++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.insert(at, spice.charAt(random.nextInt(spice.length())));
                    case 1 -> text.setCharAt(at, spice.charAt(random.nextInt(spice.length())));
                    case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(30)));
                    default ->
                            text.insert(
                                    at,
                                    text.substring(
                                            at, Math.min(text.length(), at + random.nextInt(60))));
                }
            }
            Loaded loaded = Loading.text(text.toString());
            assertThat(loaded.config() == null)
                    .as(text.toString())
                    .isEqualTo(!loaded.errors().isEmpty());
        }
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        for (byte[] bytes :
                List.of(
                        new byte[] {0, 1, 2},
                        new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0},
                        "a: \ud83d".getBytes(StandardCharsets.UTF_16LE),
                        new byte[] {'a', ':', ' ', (byte) 0xc0, (byte) 0xaf})) {
            assertThat(LoadingFiles.load(bytes).config()).isNull();
        }
    }

    private static List<ProblemCode> codes(String text) {
        Loaded loaded = assertTimeoutPreemptively(PATIENCE, () -> Loading.text(text));
        assertThat(loaded.config()).isNull();
        return loaded.errors().stream().map(Problem::code).toList();
    }
}
