package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.store.OverlayStore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class EndingTest {

    private static final Author ALICE = new Author("alice", Author.Channel.REST, "127.0.0.1");

    @TempDir Path state;

    @Test
    void startsAgainAfterARestart() throws Exception {
        Control control = start();
        control.ending().restart(ALICE);
        control.ending().await();
        assertThat(control.ending().startsAgain()).isTrue();
    }

    @Test
    void aStopIsNotLostAgainstARestartThatGetsTheLockFirst() throws Exception {
        Control control = start();
        // Followers are called by who holds the lock, so that the stop has to wait for it.
        control.follow(
                config -> {
                    control.ending().begin(Author.WEIR);
                    try {
                        control.ending().restart(ALICE);
                    } catch (RefusedException e) {
                        throw new AssertionError(e);
                    }
                });
        control.ending().await();
        assertThat(control.ending().startsAgain()).isFalse();
    }

    private Control start() throws RefusedException {
        return Control.start(
                new SettableSource(Configs.web("a:80")),
                RecordingPlane::new,
                new OverlayStore(state),
                null,
                new RecordingEvents(),
                new ManualTicker());
    }
}
