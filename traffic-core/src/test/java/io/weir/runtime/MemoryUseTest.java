package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class MemoryUseTest {

    private final MemoryUse use = new MemoryUse(() -> 0);

    @Test
    void theHeapIsWhatWasLeftAfterTheLastCollection() {
        List<byte[]> held = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            held.add(new byte[1 << 20]);
        }
        use.collect();
        double full = held.size() * (double) (1 << 20) / Runtime.getRuntime().maxMemory();
        Await.until("what is held to be seen", () -> use.heap() >= full);
        double before = use.heap();
        assertThat(use.heap()).isEqualTo(before);

        held.clear();
        use.collect();
        Await.until("what was let go of to be seen", () -> use.heap() <= before - full / 2);
    }
}
