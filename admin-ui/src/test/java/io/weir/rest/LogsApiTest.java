package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.control.Audit;
import io.weir.testkit.AdminDoor;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.MemoryTempDir;
import io.weir.time.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;

class LogsApiTest {

    @TempDir(factory = MemoryTempDir.class)
    Path home;

    private Path logs;
    private AdminDoor door;

    @BeforeEach
    void open() throws Exception {
        logs = Files.createDirectory(home.resolve("log"));
        Files.writeString(home.resolve("secret"), "secret");
        Files.createSymbolicLink(logs.resolve("link.log"), home.resolve("secret"));
        Files.writeString(logs.resolve("shop.log"), "first line\nsecond line\nthird line\n");
        door = AdminDoor.open(AdminDoor.OPEN, home);
        door.server()
                .mount(
                        "/api",
                        new Router(new LogsApi(logs).operations(), Audit.none(Ticker.system())),
                        new MountOptions(1 << 20, SignIn.SESSION_OR_TOKEN));
    }

    @AfterEach
    void close() {
        door.close();
    }

    private Answer get(String path) throws Exception {
        return door.ask("GET", "/api/v1/" + path, "", "");
    }

    @Test
    void listsFilesAndPassesOverLinks() throws Exception {
        assertThat(get("logs").body()).contains("shop.log").doesNotContain("link.log");
    }

    @Test
    void theEndOfALogBeginsWithAWholeLine() throws Exception {
        assertThat(get("logs/shop.log").body())
                .isEqualTo(Files.readString(logs.resolve("shop.log")));
        assertThat(get("logs/shop.log?bytes=15").body()).isEqualTo("third line\n");
        assertThat(get("logs/shop.log?bytes=3").body()).isEmpty();
    }

    @Test
    void aWholeLogIsAFileToKeep() throws Exception {
        Answer answer = get("logs/shop.log?whole=true");
        assertThat(answer.head()).contains("attachment");
        assertThat(answer.body()).contains("first line\nsecond line\nthird line\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2Fsecret", "link.log", "%2E%2E", "nothing.log", "%2Fetc%2Fpasswd"})
    void nothingElseIsGiven(String name) throws Exception {
        assertThat(get("logs/" + name).status()).isIn(400, 404);
    }
}
