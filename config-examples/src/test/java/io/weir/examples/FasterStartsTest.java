package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.FutureTask;

/** When the launcher has the cache of faster starts made, and when it takes it. */
class FasterStartsTest {

    private static final String PREPARING = "preparing faster starts";

    /** Says what it was asked for; a training waits to be let, and fails when it is broken. */
    private static final String JAVA =
            """
            #!/bin/sh
            jdk=$(dirname "$0")/..
            for word; do
                case $word in
                -XX:AOTCacheOutput=*) out=${word#*=} ;;
                --upgrade-module-path=*) echo "compiler ${word#*=}" ;;
                esac
            done
            if [ -z "${out:-}" ]; then
                echo "$@"
                echo "locale $(locale charmap)"
                exit
            fi
            echo trained >>"$jdk/trainings"
            read _ <"$jdk/gate"
            [ ! -e "$jdk/broken" ] || exit 1
            echo learned >"$out"
            """;

    @TempDir Path directory;

    private Path jdk;
    private Installation installation;
    private Path cache;

    @BeforeEach
    void install() throws Exception {
        jdk = Files.createDirectories(directory.resolve("a jdk"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        executable(Files.createDirectory(jdk.resolve("bin")).resolve("java"), JAVA);
        int made = new ProcessBuilder("mkfifo", jdk.resolve("gate").toString()).start().waitFor();
        assertThat(made).isZero();
        Path home = directory.resolve("weir of old");
        installation = new Installation(home);
        Files.createDirectory(home.resolve("lib/compiler"));
        cache = home.resolve("weir.aot");
    }

    /** Of starts that come together all but one find that another makes the cache, and end. */
    @AfterEach
    void nothingIsLeftRunning() {
        String here = directory.toString();
        Await.until(
                "everything that was started has ended",
                () ->
                        ProcessHandle.allProcesses()
                                .map(each -> each.info().commandLine().orElse(""))
                                .noneMatch(line -> line.contains(here)));
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Installation.Answer weir(String... words) throws Exception {
        Map<String, String> environment =
                Map.of("WEIR_JAVA_HOME", jdk.toString(), "WEIR_JAVA_OPTS", "", "WEIR_NO_AOT", "");
        return installation.weir(environment, words);
    }

    /** Lets a training go on, once it has come so far. */
    private void open() throws IOException {
        Files.writeString(jdk.resolve("gate"), "go\n");
    }

    private int trainings() throws IOException {
        Path file = jdk.resolve("trainings");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private void awaitCache() {
        Await.until(
                "the cache is made",
                () ->
                        Files.exists(cache)
                                && !Files.exists(directory.resolve("weir of old/weir.aot.making")));
    }

    @Test
    void theFirstStartDoesNotWaitForTheCacheAndTheNextOneHasIt() throws Exception {
        Installation.Answer first = weir("run", "weir.yaml");
        assertThat(first.out()).contains(" run weir.yaml").doesNotContain("-XX:AOTCache=");
        assertThat(first.err()).contains(PREPARING);
        assertThat(cache).doesNotExist();
        open();
        awaitCache();
        Installation.Answer second = weir("run", "weir.yaml");
        assertThat(second.out()).contains("-XX:AOTCache=" + cache.toRealPath());
        assertThat(second.err()).isEmpty();
    }

    @Test
    void startsThatComeTogetherMakeItOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(weir("proxy", ":0", "127.0.0.1:1").code()).isZero();
        }
        open();
        awaitCache();
        assertThat(trainings()).isEqualTo(1);
    }

    @Test
    void aCacheForOtherJarsIsMadeAnew() throws Exception {
        Files.writeString(cache, "of yesterday");
        Files.writeString(directory.resolve("weir of old/weir.aot.jdk"), jdk + "\n");
        Files.setLastModifiedTime(cache, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(weir("run", "weir.yaml").out()).doesNotContain("-XX:AOTCache=");
        open();
        Await.until("made anew", () -> Files.readString(cache).startsWith("learned"));
    }

    @Test
    void aTrainingThatFailsIsNotTriedAgain() throws Exception {
        Files.writeString(jdk.resolve("broken"), "");
        assertThat(weir("run", "weir.yaml").err()).contains(PREPARING);
        open();
        awaitCache();
        Installation.Answer next = weir("run", "weir.yaml");
        assertThat(next.out()).contains(" run weir.yaml").doesNotContain("-XX:AOTCache=");
        assertThat(next.err()).isEmpty();
        assertThat(trainings()).isEqualTo(1);
    }

    @Test
    void aStartWithRulesNeitherTakesNorMakesIt() throws Exception {
        Path config = directory.resolve("weir.yaml");
        Files.writeString(config, "virtual-servers:\n  web:\n    request-rules: [r]\n");
        Installation.Answer weir = weir("run", config.toString());
        assertThat(weir.out())
                .contains("compiler " + directory.resolve("weir of old/lib/compiler").toRealPath())
                .doesNotContain("AOTCache");
        assertThat(weir.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', C",
        "'', C, ''",
        "C, '', C.UTF-8",
        "'', '', C.UTF-8",
        "'', POSIX, C.UTF-8",
        "'', '', xx_YY.UTF-8"
    })
    void whateverTheLocaleTextsAreUtf8(String all, String type, String lang) throws Exception {
        Map<String, String> environment =
                Map.of(
                        "WEIR_JAVA_HOME", jdk.toString(),
                        "LC_ALL", all,
                        "LC_CTYPE", type,
                        "LANG", lang);
        assertThat(installation.weir(environment, "version").out()).contains("locale UTF-8");
    }

    @Test
    void commandsThatServeNothingMakeNone() throws Exception {
        assertThat(weir("check", "weir.yaml").err()).isEmpty();
    }

    @Test
    void trainMakesItAtOnceAndSaysWhenItCannot() throws Exception {
        Files.writeString(jdk.resolve("broken"), "");
        Installation.Answer failed = letThrough("train");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("could not be made").contains("weir.aot");
        Files.delete(jdk.resolve("broken"));
        assertThat(letThrough("train").code()).isZero();
        assertThat(cache).content().startsWith("learned");
    }

    /** Runs what trains by itself, and does not hold it up. */
    private Installation.Answer letThrough(String... words) throws Exception {
        FutureTask<@Nullable Void> opening =
                new FutureTask<>(
                        () -> {
                            open();
                            return null;
                        });
        Thread.ofVirtual().start(opening);
        Installation.Answer ended = weir(words);
        opening.get();
        return ended;
    }
}
