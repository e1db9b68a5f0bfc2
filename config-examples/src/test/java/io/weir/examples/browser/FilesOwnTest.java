package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.examples.Installation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A configuration that belongs to files can be looked at, and its nodes decided about. */
@ExtendWith(AtTheDesk.class)
class FilesOwnTest {

    @Test
    void theFileIsNamedNothingIsOfferedThatItOwnsAndNodesCanBeDrained(Desk desk) throws Exception {
        Path home = desk.directory("files");
        Files.createDirectories(home.resolve("rules"));
        Files.writeString(home.resolve("rules/greet.js"), "log.info('hello from a file');\n");
        Path file =
                Files.writeString(
                        home.resolve("weir.yaml"),
                        """
                        virtual-servers:
                          web: {listen: 127.0.0.1:0, pool: web, request-rules: [greet]}
                        pools:
                          web: {nodes: [%s]}
                        global:
                          metrics: off
                          admin: {listen: 127.0.0.1:0}
                        """
                                .formatted(desk.node(1)));
        try (Installation.Running weir =
                new Installation(home.resolve("weir")).start(Map.of(), "run", file.toString())) {
            Desk.Door door = Desk.Door.of(weir);
            Page page = desk.newPage(door);
            Desk.firstSignIn(page, door);
            page.go("catalogs/pools/web", "web");
            page.sees("belongs to " + file);
            assertThat(page.offers("Save …")).isFalse();
            assertThat(page.offers("Remove …")).isFalse();
            page.go("services", "Services");
            assertThat(page.offers("New service …")).isFalse();
            page.go("catalogs/rules", "Rules");
            page.press("greet");
            page.sees("Run by web");
            page.seesInside("weir-editor", "hello from a file");
            page.go("services/pool/web", "Pool web");
            page.press("Drain");
            page.fill("Reason", "new disk");
            page.press("Drain");
            page.sees("new disk");
        }
    }
}
