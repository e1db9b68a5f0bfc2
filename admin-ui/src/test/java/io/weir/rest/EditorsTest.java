package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** What an editor may not do, and an administrator may. */
class EditorsTest {

    private static final String PROGRAM = "{\"type\":\"program\",\"program\":\"/bin/true\"}";

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private RestRig rig;
    private String editor;

    @BeforeEach
    void start() throws Exception {
        rig = new RestRig(state);
        rig.users.add("ed", RestRig.PASSWORD, List.of("editor"), RestRig.ROOT);
        editor = rig.users.addToken("ed", "", List.of(), null, RestRig.ROOT);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void anEditorBringsInNothingThatReachesBeyondTheConfiguration() throws Exception {
        assertThat(edit("PUT", "config/pools/web", "{\"nodes\":[\"a:80\"]}").status())
                .isLessThan(300);

        Answer refused = edit("PUT", "config/actions/run", PROGRAM);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("\"forbidden\"", "actions.run.program");
        assertThat(edit("PUT", "config/actions/run?dry-run=true", PROGRAM).status()).isEqualTo(403);
        String variable = "{\"nodes\":[\"${env:PATH}:80\"]}";
        assertThat(edit("PUT", "config/pools/web?dry-run=true", variable).status()).isEqualTo(403);

        assertThat(rig.ask("PUT", "config/actions/run", PROGRAM).status()).isLessThan(300);
        assertThat(edit("PATCH", "config/actions/run", "{\"attempts\":3}").status())
                .isLessThan(300);
    }

    private Answer edit(String method, String target, String body) throws Exception {
        String bearer = "Authorization: Bearer " + editor + "\r\n";
        return rig.door.ask(method, "/api/v1/" + target, bearer, body);
    }
}
