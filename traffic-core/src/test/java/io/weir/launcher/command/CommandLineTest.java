package io.weir.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.WeirConfig;
import io.weir.control.Configs;
import io.weir.control.SettableSource;
import io.weir.control.store.Directories;
import io.weir.control.store.Json;
import io.weir.event.EventTag;
import io.weir.launcher.process.Server;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class CommandLineTest {

    private static final WeirConfig WEB =
            new Configs()
                    .pool("web", "a:80", "b:80")
                    .pool("api", "a:80", "c:80")
                    .server("web", "web", 8080)
                    .build();

    @TempDir Path home;

    private final RecordingParts parts = new RecordingParts();
    private final SettableSource source = new SettableSource(WEB);
    private final List<Server> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(Server::close);
    }

    // ---- without a running Weir

    @Test
    void helpsWithTheWholeAndWithEveryCommand() {
        Answer whole = weir("--help");
        assertThat(whole.code()).isZero();
        for (String name : CommandTree.BUILT_IN.keySet()) {
            Answer help = weir(name, "--help");
            assertThat(help.code()).as(name).isZero();
            assertThat(help.out()).as(name).startsWith("Usage: weir " + name).contains("Example");
            if (!name.equals("train")) {
                assertThat(whole.out()).contains("\n  " + name);
            }
        }
        assertThat(whole.out()).doesNotContain("train");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "statsu | there is no command 'statsu'; did you mean status",
                "check | Missing required parameter: 'FILE'; see weir check --help",
                "run a b | Unmatched argument at index 2: 'b'",
                "drain a:80 --pol x | --pol",
                "drain a:80 --for 5 | the time is '5', expected such as 90s",
                "weight a:80 heavy | the weight is 'heavy', expected 1 to 100",
                "status -o xml | 'xml'",
                "proxy :0 :x | :x",
                "proxy :0 | Missing required parameter",
                "completion tcsh | the shell is 'tcsh', expected bash, zsh or fish",
                "config | weir config canonical FILE",
                "status --name a/b | the name is 'a/b'",
            })
    void saysInOneLineWhatIsWrongWithTheWords(String words, String message) {
        Answer answer = weir(words.split(" "));
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).startsWith("weir: ").contains(message).hasLineCount(1);
        assertThat(answer.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "run", "apply"})
    void saysInOneLineThatAFileNameIsNone(String command) {
        Answer answer = weir(command, "a\0b.yaml");
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).startsWith("weir: ").contains("FILE").hasLineCount(1);
    }

    @Test
    void showsItsUsageWhenThereAreNoWords() {
        Answer answer = weir();
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).startsWith("Usage: weir");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "reload", "drain a:80", "events", "weight a:80 3"})
    void saysWhereItLookedWhenNoWeirRuns(String words) {
        Answer answer = weir(words.split(" "));
        assertThat(answer.code()).isEqualTo(3);
        assertThat(answer.err())
                .startsWith("weir: no running Weir found at " + home.resolve("run/weir.sock"))
                .hasLineCount(1);
    }

    @Test
    void checksAFileAndShowsEveryProblem() throws IOException {
        Path file =
                write(
                        """
                        virtual-servers:
                          web:
                            lisen: ":80"
                            pool: nowhere
                        """);
        Answer answer = weir("check", file.toString());
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.out()).contains("weir.yaml:3:").contains("lisen").contains("not valid");
        assertThat(Json.readObject(weir("check", file.toString(), "-o", "json").out().strip()))
                .containsEntry("valid", false)
                .containsKey("problems");
    }

    @Test
    void countsWarningsAsErrorsOnlyWhenStrict() throws IOException {
        Path file =
                write(
                        """
                        virtual-servers:
                          web:
                            listen: ":80"
                            pool: [a:80]
                        pools:
                          unused: {nodes: [b:80]}
                        """);
        Answer lenient = weir("check", file.toString());
        assertThat(lenient.out()).contains("1 warning; valid: 1 virtual server, 2 pools, 2 nodes");
        assertThat(lenient.code()).isZero();
        assertThat(weir("check", "--strict", file.toString()).code()).isEqualTo(1);
    }

    @Test
    void printsTheCanonicalFormThatChecksAgain() throws IOException {
        Path file = write("virtual-servers: {web: {listen: ':80', pool: [a:80]}}\n");
        Answer canonical = weir("config", "canonical", file.toString());
        assertThat(canonical.code()).isZero();
        assertThat(canonical.out()).contains("round-robin");
        Path again = Files.writeString(home.resolve("again.yaml"), canonical.out());
        assertThat(weir("check", again.toString()).code()).isZero();
        assertThat(weir("config", "canonical", home.resolve("none").toString()).code())
                .isEqualTo(1);
    }

    @Test
    void printsTheSchema() {
        assertThat(Json.readObject(weir("schema").out())).containsKey("$schema");
    }

    @Test
    void printsItsVersion() {
        assertThat(weir("version").out()).startsWith("weir ").contains("Java");
        assertThat(Json.readObject(weir("version", "-o", "json").out().strip()))
                .containsKeys("weir", "java", "system");
    }

    @Test
    void completesWordsInEveryShell() throws Exception {
        Path bash = Files.writeString(home.resolve("c.bash"), weir("completion", "bash").out());
        assertThat(weir("completion", "zsh").out()).contains("weir");
        assertThat(weir("completion", "fish").out())
                .contains("complete -c weir -n __fish_use_subcommand -a drain -d ")
                .contains("-l allow-shrink")
                .doesNotContain("train");
        Process check = new ProcessBuilder("bash", "-n", bash.toString()).start();
        assertThat(check.waitFor()).isZero();
    }

    // ---- with one

    @Test
    void showsVirtualServersPoolsAndNodes() throws Exception {
        start();
        parts.plane().down("b:80");
        weir("drain", "a:80", "--pool", "web", "--reason", "new kernel", "--owner", "ann");
        String status = weir("status").out();
        assertThat(status)
                .contains("Weir is ready, degraded")
                .contains("  ! node b:80 in pool web is down: connection refused")
                .containsPattern("web +127.0.0.1:8080 +web +3 +2 +1000 +1")
                .contains("POOL web (round-robin)")
                .containsPattern("a:80 +draining +up .*draining by ann \\(new kernel\\)")
                .containsPattern("b:80 +active +down .*connection refused")
                .containsPattern("a:80 +active +up");
    }

    @Test
    void showsTheStatusToPrograms() throws Exception {
        start();
        Map<String, ?> json = Json.readObject(weir("status", "-o", "json").out().strip());
        assertThat(json).containsKeys("health", "configuration", "virtual-servers", "pools");
        assertThat(weir("status", "-o", "yaml").out())
                .contains("virtual-servers:\n- name: web")
                .contains("ready: true");
    }

    @Test
    void drainsAndUndrainsANode() throws Exception {
        start();
        Answer drained = weir("drain", "a:80", "--for", "30m");
        assertThat(drained.code()).isZero();
        assertThat(drained.out())
                .isEqualTo(
                        """
                        a:80 in pool web: active -> draining, weight 1
                        a:80 in pool api: active -> draining, weight 1
                        """);
        assertThat(weir("undrain", "a:80", "--pool", "api").out())
                .isEqualTo("a:80 in pool api: draining -> active, weight 1\n");
        assertThat(weir("undrain", "a:80").out()).contains("a:80 in pool web: draining -> active");
        assertThat(weir("undrain", "a:80").out()).contains("nothing to change");
        assertThat(weir("disable", "b:80").out()).contains("active -> disabled");
        assertThat(weir("enable", "b:80").out()).contains("disabled -> active");
        assertThat(weir("weight", "b:80", "7").out()).contains("weight 7");
        assertThat(weir("weight", "b:80", "configured").out()).contains("weight 1");
    }

    @Test
    void showsAndClearsTheCache() throws Exception {
        start();
        assertThat(weir("cache", "stats").out()).startsWith("0 of 1048576 bytes are in use");
        assertThat(weir("cache", "list").out()).contains("0 responses, 0 bytes");
        assertThat(weir("cache", "purge", "--path", "/a*").out())
                .isEqualTo("removed 0 responses of 0 bytes\n");
        assertThat(weir("cache", "purge", "--all", "--soft").out())
                .isEqualTo("made 0 responses of 0 bytes stale\n");
        assertThat(parts.events.texts(EventTag.CACHEPURGED)).hasSize(2);
        Answer everything = weir("cache", "purge");
        assertThat(everything.code()).isEqualTo(1);
        assertThat(everything.err()).contains("or all");
        Answer unknown = weir("cache", "list", "--virtual-server", "wep");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("no virtual server wep; did you mean web?");
        assertThat(weir("cache", "list", "--scheme", "ftp").err()).contains("http or https");
        assertThat(weir("cache").code()).isEqualTo(2);
    }

    @Test
    void tellsRefusalAndConflictApart() throws Exception {
        start();
        Answer unknown = weir("drain", "d:80");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err())
                .isEqualTo("weir: there is no node d:80 in any pool; did you mean a:80?\n");
        weir("disable", "b:80");
        Answer conflict = weir("drain", "b:80");
        assertThat(conflict.code()).isEqualTo(4);
        assertThat(conflict.err()).contains("it is disabled");
        assertThat(weir("weight", "a:80", "101").code()).isEqualTo(1);
    }

    @Test
    void saysThatADecisionIsDoneInPartWhenItCannotBeSaved() throws Exception {
        start();
        Files.createDirectories(home.resolve("state/overlay.new/in-the-way"));
        Answer answer = weir("drain", "a:80");
        assertThat(answer.code()).isEqualTo(5);
        assertThat(answer.err()).contains("a restart forgets it");
        assertThat(answer.out()).contains("active -> draining");
    }

    @Test
    void reloadsOrSaysEverythingThatIsWrong() throws Exception {
        start();
        source.set(Configs.web("a:80", "b:80", "d:80"));
        assertThat(weir("reload").out()).contains("changed pools/web").contains("revision 2 is in");
        source.breakWith("typo");
        Answer refused = weir("reload");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("weir.yaml:3:5").contains("WEIR-C0103");
        assertThat(refused.err()).contains("weir.yaml has an error").hasLineCount(1);

        source.set(Configs.web("a:80"));
        assertThat(weir("reload").err()).contains("--allow-shrink");
        assertThat(weir("reload", "--allow-shrink").code()).isZero();

        parts.plane().failObject("virtual-servers/x");
        Answer partial = weir("reload");
        assertThat(partial.code()).isEqualTo(5);
        assertThat(partial.out()).contains("failed virtual-servers/x: address in use");
    }

    @Test
    void showsEventsWithoutLettingThemSteerTheTerminal() throws Exception {
        start();
        parts.events.emit(EventTag.NODEFAIL, "cause: \u001b[2J\u009b31m\u202egnp\nsecond line");
        String events = weir("events").out();
        assertThat(events).contains("serious nodefail").contains("\\u001b[2J");
        for (Answer answer :
                List.of(
                        weir("events", "-n", "1"),
                        weir("events", "-n", "1", "-o", "json"),
                        weir("events", "-n", "1", "-o", "yaml"),
                        weir("drain", "\u001b[2J:80"),
                        weir("\u001b[2J"))) {
            assertThat(answer.out() + answer.err())
                    .isNotEmpty()
                    .doesNotContain("\u001b", "\u009b", "\u202e");
        }
        assertThat(weir("events", "-n", "1").out()).hasLineCount(1);
    }

    @Test
    void showsProgramsTheSameWhateverTheLocaleCanSay() throws Exception {
        start();
        weir("drain", "a:80", "--reason", "Größe 大");
        String json = weir("status", "-o", "json").out();
        assertThat(json).isASCII().contains("Gr\\u00f6\\u00dfe \\u5927");
        assertThat(Json.readObject(json.strip()).toString()).contains("Größe 大");
    }

    @Test
    void refusesToServeWhereAnotherWeirServes() throws Exception {
        start();
        Path file = write("virtual-servers: {web: {listen: ':80', pool: [a:80]}}\n");
        Answer second = weir("run", file.toString());
        assertThat(second.code()).isEqualTo(4);
        assertThat(second.err()).contains("uses " + home.resolve("run")).hasLineCount(1);
    }

    private Server start() throws Exception {
        Server server =
                Server.start(
                        source,
                        true,
                        new Directories(
                                home.resolve("run"), home.resolve("state"), home.resolve("log")),
                        directories -> parts);
        servers.add(server);
        return server;
    }

    private Path write(String text) throws IOException {
        return Files.writeString(home.resolve("weir.yaml"), text);
    }

    private Answer weir(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> environment =
                Map.of(
                        "WEIR_RUN_DIR", home.resolve("run").toString(),
                        "WEIR_STATE_DIR", home.resolve("state").toString());
        Console console =
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new Directories.Machine(home, environment, home, 1),
                        directories -> parts,
                        () -> {});
        int code = CommandTree.execute(console, words);
        return new Answer(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private record Answer(int code, String out, String err) {}
}
