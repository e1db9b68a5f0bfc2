package io.weir.soap.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.Edit;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.RefusedException;
import io.weir.control.managed.ManagedSource;
import io.weir.control.store.OverlayStore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

class DraftTest {

    private static final List<String> NODES = List.of("pools", "web", "nodes");
    private static final Peer PEER =
            new Peer(
                    new Author("admin", Author.Channel.SOAP, "127.0.0.1", true),
                    (section, access) -> true);

    @TempDir Path state;

    private static JsonNode nodes(String... addresses) {
        return JsonMapper.shared().valueToTree(List.of(addresses));
    }

    @Test
    void aCallDoesNotWriteOverWhatSomebodyElseHasChangedSinceItBegan() throws Exception {
        ManualTicker ticker = new ManualTicker();
        Control control =
                Control.start(
                        new ManagedSource(state.resolve("store"), Map.of(), new Random(), ticker),
                        RecordingPlane::new,
                        new OverlayStore(state),
                        null,
                        new RecordingEvents(),
                        ticker);
        control.change(Change.of(new Edit.Put(NODES, nodes("a:80"))), Author.WEIR);

        Draft draft = new Draft(control);
        assertThat(draft.isStale()).isFalse();
        assertThat(draft.config().pools()).containsKey("web");
        control.change(Change.of(new Edit.Put(NODES, nodes("a:80", "b:80"))), Author.WEIR);
        // A node more than those that the call has seen.
        draft.put(NODES, nodes("a:80", "c:80"));

        assertThatThrownBy(() -> draft.commit(PEER, ""))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("revision");
        assertThat(draft.isStale()).as("so it is made again").isTrue();
        assertThat(control.desired().document().at("/pools/web/nodes"))
                .isEqualTo(nodes("a:80", "b:80"));
    }
}
