package io.weir.alert.receiver;

import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import java.time.Instant;
import java.util.List;

/** Alerts for tests. */
final class Alerts {

    static final Instant TIME = Instant.parse("2026-03-04T05:06:07.008Z");

    private Alerts() {}

    static Alert nodefail() {
        return of(EventTag.NODEFAIL, "Node a:80 has failed: größer <&> \"x\"");
    }

    static Alert nodeworking() {
        return of(EventTag.NODEWORKING, "Node a:80 works again");
    }

    static Alert of(EventTag tag, String text) {
        return of(tag, text, ObjectRef.pool("web"), ObjectRef.node("a:80"));
    }

    static Alert of(EventTag tag, String text, ObjectRef... objects) {
        return new Alert(new Event(TIME, tag, List.of(objects), text), "trouble");
    }
}
