package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What unfinished heads hold together is bounded, and the one that moves least gives way. */
class UnfinishedHeadsTest {

    private final UnfinishedHeads heads = new UnfinishedHeads(100);
    private final List<String> gone = new ArrayList<>();

    private UnfinishedHeads.Owner named(String name) {
        return new UnfinishedHeads.Owner() {
            @Override
            public void giveWay() {
                gone.add(name);
            }
        };
    }

    @Test
    void whoHasSentNothingForTheLongestGivesWay() {
        UnfinishedHeads.Owner first = named("first");
        heads.came(first, 10);
        heads.came(named("second"), 50);
        heads.came(named("third"), 40);
        assertThat(gone).isEmpty();
        heads.came(first, 11);
        assertThat(gone).containsExactly("second");
        heads.came(named("fourth"), 50);
        assertThat(gone).containsExactly("second", "third");
    }

    @Test
    void oneThatIsWholeHoldsNothing() {
        UnfinishedHeads.Owner first = named("first");
        heads.came(first, 60);
        heads.forget(first);
        heads.forget(first);
        heads.came(named("second"), 100);
        assertThat(gone).isEmpty();
    }

    @Test
    void oneAloneMayHoldMore() {
        heads.came(named("large"), 1000);
        assertThat(gone).isEmpty();
        heads.came(named("next"), 1);
        assertThat(gone).containsExactly("large");
        heads.came(named("third"), 99);
        assertThat(gone).containsExactly("large");
    }
}
