package io.weir.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.WeirConfig;
import io.weir.control.Author;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.RefusedException;
import io.weir.control.ReloadRequest;
import io.weir.control.store.LastGood;
import io.weir.control.store.OverlayStore;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a Weir starts with when its files are no longer what they were when it was killed. */
class FileSourceTest {

    private static final String MAIN =
            """
            virtual-servers:
              web:
                listen: 127.0.0.1:8080
                pool: web
                error-file: sorry.html
                request-rules: [route, listed]
                protection: careful
            pools:
              web: {nodes: [10.0.0.1:80], monitors: [probe]}
            monitors:
              probe: {type: http, authentication: "user:pa$${ss"}
            rules:
              listed: elsewhere.js
            protection-classes:
              careful: {banned-files: [banned.txt]}
            global:
              cluster-key: 0123456789abcdef
            """;

    @TempDir Path directory;

    private Path main;
    private WeirConfig before;

    @BeforeEach
    void isKilledWithAllInOrder() throws Exception {
        main = write("weir.yaml", MAIN);
        write("sorry.html", "<p>Sorry.</p>");
        write("rules/route.js", "pool.use('web');");
        write("elsewhere.js", "log.info('listed');");
        write("banned.txt", "192.0.2.0/24 # nobody\n2001:db8::/32\n");
        Control first = start();
        first.tick();
        before = first.config();
        assertThat(before.rules()).hasSize(2);
    }

    @Test
    void startsWithTheSecretsThatStoodInABrokenFile() throws Exception {
        write("weir.yaml", "virtual-servers: {web: {lisen: x}}\n");
        startsAsBefore();
    }

    @Test
    void startsWithTheRulesOfThenWhenTheirFilesAreBrokenOrGone() throws Exception {
        write("rules/route.js", "broken(");
        startsAsBefore();
        Files.delete(directory.resolve("rules/route.js"));
        startsAsBefore();
        Files.delete(directory.resolve("elsewhere.js"));
        startsAsBefore();
    }

    @Test
    void startsWithTheAddressListOfThenWhenItsFileIsBroken() throws Exception {
        write("banned.txt", "192.0.2.0/99\n");
        startsAsBefore();
    }

    @Test
    void startsWithTheBuiltInPageWhenThatOfTheConfigurationIsGone() throws Exception {
        Files.delete(directory.resolve("sorry.html"));
        Control second = start();
        assertThat(second.status().configuration().lastGood()).isTrue();
        assertThat(second.config().virtualServers().get("web")).extracting("errorFile").isNull();
        assertThat(second.config().rules()).isEqualTo(before.rules());
    }

    @Test
    void takesUpARuleAsSoonAsItIsRepaired() throws Exception {
        write("rules/route.js", "broken(");
        Control second = start();
        write("rules/route.js", "pool.use('web'); // better");
        second.reload(ReloadRequest.IF_NEW, Author.WEIR);
        assertThat(second.config().rules().get("route"))
                .extracting("source")
                .isEqualTo("pool.use('web'); // better");
        assertThat(second.health().degraded()).isFalse();
    }

    private void startsAsBefore() throws Exception {
        Control second = start();
        assertThat(second.status().configuration().lastGood()).isTrue();
        assertThat(second.config()).isEqualTo(before);
    }

    private Control start() throws RefusedException {
        return Control.start(
                new FileSource(main, Map.of()),
                (config, overlay) -> {
                    if (config.rules().values().stream()
                            .anyMatch(rule -> rule.source().startsWith("broken"))) {
                        throw new RefusedException(
                                new ControlProblem.NotApplied("a rule is broken", List.of()));
                    }
                    return new RecordingPlane(config, overlay);
                },
                new OverlayStore(directory.resolve("state")),
                new LastGood(directory.resolve("state")),
                new RecordingEvents(),
                new ManualTicker());
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.createDirectories(directory.resolve("state"));
        return Files.writeString(file, text);
    }
}
