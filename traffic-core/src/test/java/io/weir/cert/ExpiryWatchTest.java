package io.weir.cert;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cert.Watched.Kind;
import io.weir.control.RecordingEvents;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.testkit.ManualTicker;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class ExpiryWatchTest {

    private final ManualTicker ticker = new ManualTicker();
    private final RecordingEvents events = new RecordingEvents();
    private final List<Watched> watched = new ArrayList<>();
    private final ExpiryWatch watch = new ExpiryWatch(events, ticker, () -> watched);

    @Test
    void tellsOnceAtEachThresholdAndAtTheEnd() {
        use(Kind.CERTIFICATE, "a", Duration.ofDays(31), "web");
        for (int hour = 0; hour < 24 * 40; hour++) {
            watch.look();
            ticker.advance(Duration.ofHours(1));
        }
        assertThat(events.texts(EventTag.VSSSLCERTTOEXPIRE))
                .containsExactly(
                        "the certificate 'a' expires at 2026-02-01T12:00:00Z, in 30 days",
                        "the certificate 'a' expires at 2026-02-01T12:00:00Z, in 7 days",
                        "the certificate 'a' expires at 2026-02-01T12:00:00Z, in 24 hours");
        assertThat(events.texts(EventTag.VSSSLCERTEXPIRED))
                .containsExactly("the certificate 'a' expired at 2026-02-01T12:00:00Z");
        assertThat(events.tags()).last().isEqualTo(EventTag.VSSSLCERTEXPIRED);
    }

    @Test
    void tellsOnlyTheStageThatFitsWhenACertificateIsFirstSeenLate() {
        use(Kind.CERTIFICATE, "late", Duration.ofDays(3), "web");
        use(Kind.CERTIFICATE, "gone", Duration.ofDays(-3), "web");
        watch.look();
        watch.look();
        assertThat(events.tags())
                .containsExactly(EventTag.VSSSLCERTTOEXPIRE, EventTag.VSSSLCERTEXPIRED);
        assertThat(watch.expired()).extracting(Watched::id).containsExactly("gone");
    }

    @Test
    void tellsOnceForACertificateOfSeveralAndNamesThemAll() {
        use(Kind.CERTIFICATE, "a", Duration.ofDays(3), "web");
        use(Kind.CERTIFICATE, "a", Duration.ofDays(3), "shop");
        watch.look();
        assertThat(events.recent(9))
                .singleElement()
                .extracting(Event::objects)
                .isEqualTo(
                        List.of(ObjectRef.virtualServer("web"), ObjectRef.virtualServer("shop")));
    }

    @Test
    void beginsAnewWithARenewedCertificate() {
        use(Kind.CERTIFICATE, "a", Duration.ofDays(3), "web");
        watch.look();
        watched.clear();
        use(Kind.CERTIFICATE, "renewed", Duration.ofDays(90), "web");
        watch.look();
        assertThat(events.tags()).hasSize(1);
        ticker.jump(Duration.ofDays(61));
        watch.look();
        assertThat(events.texts(EventTag.VSSSLCERTTOEXPIRE))
                .last()
                .asString()
                .contains("'renewed'");
    }

    @Test
    void doesNotTellAgainWhenTheClockIsSetBack() {
        use(Kind.CERTIFICATE, "a", Duration.ofDays(3), "web");
        watch.look();
        ticker.jump(Duration.ofDays(-10));
        watch.look();
        ticker.jump(Duration.ofDays(10));
        watch.look();
        assertThat(events.tags()).hasSize(1);
    }

    @Test
    void tellsAuthoritiesAndListsByTagsOfTheirOwn() {
        use(Kind.AUTHORITY, "ca", Duration.ofDays(3), "web");
        use(Kind.REVOCATION_LIST, "list", Duration.ofDays(3), "web");
        watch.look();
        assertThat(events.tags()).containsExactly(EventTag.VSCACERTTOEXPIRE);
        ticker.jump(Duration.ofDays(4));
        watch.look();
        assertThat(events.tags())
                .containsExactly(
                        EventTag.VSCACERTTOEXPIRE,
                        EventTag.VSCACERTEXPIRED,
                        EventTag.VSCRLOUTOFDATE);
    }

    private void use(Kind kind, String id, Duration left, String user) {
        Instant end = Instant.parse("2026-01-01T12:00:00Z").plus(left);
        watched.add(
                new Watched(
                        kind,
                        id,
                        "the certificate '" + id + "'",
                        end,
                        List.of(ObjectRef.virtualServer(user))));
    }
}
