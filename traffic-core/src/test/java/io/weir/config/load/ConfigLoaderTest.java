package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.WeirConfig;
import io.weir.config.load.Loaded.SourceFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ConfigLoaderTest {

    private static final String MAIN =
            """
            virtual-servers:
              web:
                listen: :8080
                pool: shop
            """;
    private static final String POOLS =
            """
            pools:
              shop:
                nodes: [10.0.0.11:80]
                monitors: [m]
            monitors:
              m:
                type: http
                authentication: ${file:probe}
            """;

    @TempDir Path directory;

    @Test
    void everyFileThatWasReadIsListedWithTheHashOfItsBytes() throws IOException {
        write("weir.yaml", MAIN);
        write("conf.d/pools.yaml", POOLS);
        write("secrets/probe", "user:password\n");

        Loaded first = load();
        assertThat(first.problems()).isEmpty();
        assertThat(first.files())
                .extracting(SourceFile::path)
                .containsExactly(
                        directory.resolve("weir.yaml"),
                        directory.resolve("conf.d/pools.yaml"),
                        directory.resolve("secrets/probe"));
        assertThat(first.files()).allSatisfy(f -> assertThat(f.hash()).matches("[0-9a-f]{64}"));
        assertThat(first.directories()).containsExactly(directory, directory.resolve("conf.d"));

        assertThat(load().files()).isEqualTo(first.files());
        write("secrets/probe", "user:other\n");
        assertThat(load().files()).isNotEqualTo(first.files());
    }

    @Test
    void aFileThatCannotBeReadIsListedToo() throws IOException {
        Loaded loaded = load();
        assertThat(loaded.config()).isNull();
        assertThat(loaded.errors())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo(ProblemCode.FILE_UNREADABLE))
                .satisfies(p -> assertThat(p.message()).endsWith("there is no such file"));
        assertThat(loaded.files())
                .containsExactly(new SourceFile(directory.resolve("weir.yaml"), ""));

        Files.createDirectory(directory.resolve("weir.yaml"));
        assertThat(load().errors())
                .singleElement()
                .satisfies(p -> assertThat(p.message()).endsWith("it is a directory"));
    }

    @Test
    void anIncludedFileThatIsBrokenDoesNotMakeNamesUnknown() throws IOException {
        write("weir.yaml", MAIN);
        write("conf.d/pools.yaml", "pools: [\n");
        assertThat(load().errors())
                .extracting(Problem::code)
                .containsExactly(ProblemCode.CUT_SHORT);
    }

    @Test
    void anIncludedFileIsReadWhateverBytesItsNameHas() throws Exception {
        write("weir.yaml", MAIN);
        write("conf.d/pools.yaml", "pools: {shop: {nodes: [10.0.0.11:80]}}\n");
        Process rename =
                new ProcessBuilder("sh", "-c", "mv pools.yaml \"$(printf '\\374.yaml')\"")
                        .directory(directory.resolve("conf.d").toFile())
                        .start();
        assertThat(rename.waitFor()).isZero();
        assertThat(load().problems()).isEmpty();
    }

    @Test
    void theMainFileIsNotIncludedASecondTime() throws IOException {
        write("weir.yaml", "include: ['*.yaml']\n" + MAIN);
        write("pools.yaml", POOLS.replace("${file:probe}", "a:b"));
        assertThat(load().problems()).isEmpty();
    }

    @Test
    void anEmptyListOfIncludesSwitchesTheStandardDirectoryOff() throws IOException {
        write("weir.yaml", "include: []\n" + MAIN.replace("shop", "[10.0.0.1:80]"));
        write("conf.d/broken.yaml", "nonsense\n");
        assertThat(load().problems()).isEmpty();
    }

    @Test
    void objectsComeInTheOrderOfTheFiles() throws IOException {
        write("weir.yaml", "virtual-servers:\n" + server("m", 1) + server("b", 2));
        write("conf.d/b.yaml", "virtual-servers:\n" + server("z", 3));
        write("conf.d/a.yaml", "virtual-servers:\n" + server("y", 4) + server("a", 5));
        WeirConfig config = Objects.requireNonNull(load().config());
        assertThat(config.virtualServers().keySet()).containsExactly("m", "b", "y", "a", "z");
        assertThat(config.pools().keySet()).containsExactly("m", "b", "y", "a", "z");
    }

    @Test
    void problemsNameFilesAsTheMainFileWasNamed() {
        Path main = Path.of("no-such-directory", "weir.yaml");
        Loaded loaded = ConfigLoader.load(main, Environment.of(Map.of(), main));
        assertThat(loaded.problems())
                .singleElement()
                .satisfies(p -> assertThat(p.file()).isEqualTo(main))
                .satisfies(
                        p ->
                                assertThat(p)
                                        .asString()
                                        .startsWith(main + ": error WEIR-C0001: the file "));
    }

    @Test
    void aSubstitutedValueBringsInNoStructure() {
        Environment environment =
                new Environment(
                        Map.of("NODES", "[a:80, b:80]", "POOL", "web\n  x: y", "AGAIN", "${env:B}"),
                        directory);
        String text =
                """
                virtual-servers:
                  a: {listen: ":1", pool: "${env:NODES}"}
                  b: {listen: ":2", pool: "${env:POOL}"}
                  c: {listen: ":3", pool: "${env:AGAIN}"}
                """;
        assertThat(ConfigLoader.parse(text, Path.of("weir.yaml"), environment).errors())
                .extracting(Problem::message)
                .containsExactly(
                        "virtual-servers.a.pool: there is no pool '[a:80, b:80]'",
                        "virtual-servers.b.pool: there is no pool 'web\\u000a  x: y'",
                        "virtual-servers.c.pool: there is no pool '${env:B}'");
    }

    @Test
    void substitutedValuesHaveTheTypeThatTheyWouldHaveInTheFile() {
        Environment environment =
                new Environment(Map.of("OFF", "false", "N", "7", "EMPTY", ""), directory);
        String text =
                """
                virtual-servers:
                  web:
                    listen: :8080
                    pool: ["app${env:N}:8${env:N}"]
                    keepalive: ${env:OFF}
                    max-concurrent-connections: ${env:N}
                    timeout: ${env:N}
                    upgrade: ${env:UNSET:-false}
                    limits:
                      max-headers: ${env:EMPTY:-50}
                """;
        Loaded loaded = ConfigLoader.parse(text, Path.of("weir.yaml"), environment);
        assertThat(loaded.problems()).isEmpty();
        var server =
                Objects.requireNonNull(loaded.config()).virtualServers().values().iterator().next();
        assertThat(server.keepalive()).isFalse();
        assertThat(server.upgrade()).isFalse();
        assertThat(server.maxConcurrentConnections()).isEqualTo(7);
        assertThat(server.timeout()).hasSeconds(7);
        assertThat(server.limits().maxHeaders()).isEqualTo(50);
        assertThat(loaded.config().pools().get("web"))
                .extracting(p -> p.nodes().getFirst().address().toString())
                .isEqualTo("app7:87");
    }

    @Test
    void aProxyNeedsNoFile() {
        Loaded loaded = ConfigLoader.fromProxyArguments(List.of(":8080", "a", "b:81", "[::1]"));
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.files()).isEmpty();
        WeirConfig expected =
                Loading.config(
                        """
                        virtual-servers:
                          proxy:
                            listen: :8080
                            pool: ["a:80", "b:81", "[::1]:80"]
                        """);
        assertThat(loaded.config()).isEqualTo(expected);
        assertThat(ConfigLoader.fromProxyArguments(List.of("8080", "a", "b:81", "[::1]")).config())
                .isEqualTo(expected);
    }

    @Test
    void argumentsOfAProxyAreCheckedLikeAFile() {
        assertThat(ConfigLoader.fromProxyArguments(List.of("x:80", "a:0", "b:80", "b")).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "arguments: error WEIR-C0201: virtual-servers.proxy.listen: found 'x:80',"
                                + " expected an IP address or * before the port",
                        "arguments: error WEIR-C0202: virtual-servers.proxy.pool[0]: found 'a:0',"
                                + " expected a port from 1 to 65535 after the ':'",
                        "arguments: error WEIR-C0403: virtual-servers.proxy.pool[2]: the node b:80"
                                + " stands in this pool already, in arguments");
        assertThat(ConfigLoader.fromProxyArguments(List.of(":80")).config()).isNull();
        assertThat(ConfigLoader.fromProxyArguments(List.of()).config()).isNull();
    }

    @Test
    void aRuleWhoseNameCanBeNoFileIsUnknown() {
        String text =
                """
                virtual-servers:
                  web:
                    listen: :8080
                    pool: [10.0.0.1:80]
                    request-rules: ["a\\0b"]
                """;
        assertThat(Loading.text(text).problems())
                .extracting(Problem::code)
                .containsExactly(ProblemCode.UNKNOWN_RULE);
    }

    @Test
    void aProblemReadsAsOneLine() {
        String text =
                """
                virtual-servers:
                  web:
                    lisen: :8080
                    pool: [a:80]
                """;
        assertThat(Loading.text(text).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "weir.yaml:3:5: error WEIR-C0103: unknown key 'lisen' in"
                                + " virtual-servers.web; did you mean 'listen'?");
    }

    private Loaded load() {
        Path main = directory.resolve("weir.yaml");
        return ConfigLoader.load(main, Environment.of(Map.of(), main));
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private static String server(String name, int port) {
        return "  " + name + ":\n    listen: :" + port + "\n    pool: [10.0.0.1:80]\n";
    }
}
