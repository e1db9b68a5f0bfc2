package io.weir.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admit.Strain.Memory;
import io.weir.config.OverloadConfig;
import io.weir.event.Event;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.testkit.ManualTicker;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the process may use up. */
class BudgetsTest {

    private final ManualTicker ticker = new ManualTicker();
    private final List<EventTag> events = new ArrayList<>();
    private final Use use = new Use();
    private long refused;
    private final Budgets budgets = new Budgets(ticker, new Bus(), use, () -> refused);

    private static final class Use implements Budgets.Usage {
        private double heap;
        private double heapNow;
        private long age;
        private double buffers;
        private int collections;

        @Override
        public double heap() {
            return heap;
        }

        @Override
        public long heapAge() {
            return age;
        }

        @Override
        public double buffers() {
            return buffers;
        }

        @Override
        public void collect() {
            collections++;
            heap = heapNow;
            age = 0;
        }
    }

    private final class Bus implements EventBus {
        @Override
        public void emit(EventTag tag, String text, ObjectRef... objects) {
            events.add(tag);
        }

        @Override
        public Subscription subscribe(Consumer<Event> listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Event> recent(int max) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long dropped() {
            return 0;
        }
    }

    BudgetsTest() {
        budgets.configure(new OverloadConfig(0, 80, Duration.ZERO));
    }

    @Test
    void theWorseOfHeapAndBuffersCounts() {
        use.heap = 0.5;
        use.buffers = 0.81;
        budgets.look();
        assertThat(budgets.memory()).isEqualTo(Memory.SHORT);
        use.heap = 0.91;
        budgets.look();
        assertThat(budgets.memory()).isEqualTo(Memory.GONE);
    }

    @Test
    void whatIsShortStaysSoUntilThereIsSomeRoom() {
        use.buffers = 0.81;
        budgets.look();
        use.buffers = 0.78;
        budgets.look();
        assertThat(budgets.memory()).isEqualTo(Memory.SHORT);
        use.buffers = 0.74;
        budgets.look();
        assertThat(budgets.memory()).isEqualTo(Memory.PLENTY);
    }

    @Test
    void anOldFigureOfTheHeapIsNotBelieved() {
        use.heap = 0.95;
        use.heapNow = 0.2;
        use.age = Duration.ofSeconds(3).toNanos();
        budgets.look();
        assertThat(use.collections).isEqualTo(1);
        assertThat(budgets.memory()).isEqualTo(Memory.PLENTY);
    }

    @Test
    void anOverloadIsToldOnceAndItsEndOnce() {
        budgets.look();
        refused = 5;
        budgets.look();
        refused = 9;
        budgets.look();
        assertThat(events).containsExactly(EventTag.OVERLOAD);
        ticker.advance(Duration.ofSeconds(4));
        budgets.look();
        ticker.advance(Duration.ofSeconds(4));
        budgets.look();
        assertThat(events).containsExactly(EventTag.OVERLOAD, EventTag.OVERLOADEND);
    }
}
