package io.weir.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustomEventsTest {

    private final BoundedEventBus bus = BoundedEventBus.start(Ticker.system());

    @AfterEach
    void close() {
        bus.close();
    }

    private Event emit(@Nullable String name, @Nullable String text) {
        CustomEvents.emit(bus, name, text, ObjectRef.virtualServer("web"));
        return bus.recent(1).getFirst();
    }

    @Test
    void theNameIsTheFirstObject() {
        Event event = emit("login", "of\na user");

        assertThat(event.tag()).isEqualTo(EventTag.CUSTOMEVENT);
        assertThat(event.objects())
                .containsExactly(
                        new ObjectRef("trafficscript", "login"), ObjectRef.virtualServer("web"));
        assertThat(event.text()).isEqualTo("of a user");
        assertThat(emit("login", null).text()).isEmpty();
        assertThat(emit("login", "x".repeat(1_000_000)).text()).hasSizeLessThan(5000);
    }

    @Test
    void whatIsNoNameIsToldAndHarmsNothing() {
        for (String name : new @Nullable String[] {null, "", "x".repeat(129), "a\nb"}) {
            Event event = emit(name, "text");
            assertThat(event.tag()).isEqualTo(EventTag.INVALIDEMIT);
            assertThat(event.text()).endsWith("text");
            assertThat(event.objects()).containsExactly(ObjectRef.virtualServer("web"));
        }
    }
}
