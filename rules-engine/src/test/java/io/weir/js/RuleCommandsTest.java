package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.store.Directories;
import io.weir.launcher.command.CommandTree;
import io.weir.launcher.command.Console;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The commands about rules. */
class RuleCommandsTest {

    @TempDir Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int weir(String... words) {
        printed.reset();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Console console =
                new Console(
                        out,
                        out,
                        new Directories.Machine(directory, Map.of(), directory, 1),
                        directories -> {
                            throw new IllegalStateException("nothing is to be served");
                        },
                        () -> {});
        return CommandTree.execute(console, words);
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @BeforeEach
    void rule() throws IOException {
        write("route.js", "if (http.getPath() === '/a') pool.use('a');\n");
    }

    @Test
    void checkNamesLineAndColumn() throws IOException {
        assertThat(weir("rule", "check", directory.toString())).isZero();
        Path bad = write("bad.js", "let a;\n  let = 1;\n");
        assertThat(weir("rule", "check", directory.toString())).isEqualTo(1);
        assertThat(said()).contains(bad + ":2:").contains("2 rules, 1 error");
        write("bad.js", "if (true) {\n  break;\n}\n");
        assertThat(weir("rule", "check", directory.toString())).isEqualTo(1);
        assertThat(said()).contains(bad + ":2:3: error: break stands in no loop: write return");
    }

    @Test
    void checkOfAConfigurationLooksIntoItsRules() throws IOException {
        Path config =
                write(
                        "weir.yaml",
                        """
                        virtual-servers:
                          web: {listen: "127.0.0.1:0", pool: web, request-rules: [route]}
                        pools:
                          web: {nodes: [127.0.0.1:1]}
                        rules:
                          route: route.js
                        """);
        assertThat(weir("check", config.toString())).as(said()).isZero();
        write("route.js", "\npool.use(;\n");
        assertThat(weir("check", config.toString())).isEqualTo(1);
        assertThat(said()).contains("route.js:2:").contains("WEIR-C0521");
    }

    @Test
    void checkOfAConfigurationLooksIntoTheLocationDatabase() throws IOException {
        write("places.mmdb", "no database");
        Path config =
                write(
                        "weir.yaml",
                        """
                        virtual-servers:
                          web: {listen: "127.0.0.1:0", pool: web}
                        pools:
                          web: {nodes: [127.0.0.1:1]}
                        global: {location-database: places.mmdb}
                        """);
        assertThat(weir("check", config.toString())).isZero();
        assertThat(said()).contains("places.mmdb").contains("warning").contains("WEIR-C0522");
        assertThat(weir("check", config.toString(), "--strict")).isEqualTo(1);
    }

    @Test
    void testRunsWhatStandsBesideTheRules() throws IOException {
        write("route.test.js", "test('a', () => expect(run({url: '/a'}).pool).is('a'));");
        assertThat(weir("rule", "test", directory.toString())).as(said()).isZero();
        assertThat(said()).contains("1 test, 0 failed");
        write("route.test.js", "test('b', () => expect(run({url: '/b'}).pool).is('b'));");
        assertThat(weir("rule", "test", directory.toString())).isEqualTo(1);
        assertThat(said()).contains("FAILED").contains("expected \"b\"");
    }

    @Test
    void traceShowsCallsAndDecision() throws IOException {
        Path exchange = write("exchange.json", "{\"url\": \"/a\"}");
        assertThat(
                        weir(
                                "rule",
                                "trace",
                                directory.resolve("route.js").toString(),
                                "--exchange",
                                exchange.toString()))
                .isZero();
        assertThat(said()).contains("http.getPath() = \"/a\"").contains("decision: stop");
    }
}
