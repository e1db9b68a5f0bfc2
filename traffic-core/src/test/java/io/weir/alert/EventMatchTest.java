package io.weir.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.EventTypeConfig;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.event.Severity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;

class EventMatchTest {

    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");

    private static EventMatch match(
            List<String> events, List<String> custom, Severity least, String... objects) {
        return new EventMatch(
                new EventTypeConfig(
                        "t",
                        events,
                        custom,
                        least,
                        List.of(objects),
                        List.of(),
                        null,
                        List.of(),
                        null));
    }

    private static EventMatch hours(String zone, String... hours) {
        return new EventMatch(
                new EventTypeConfig(
                        "t",
                        List.of("*"),
                        List.of(),
                        Severity.INFO,
                        List.of(),
                        List.of(hours),
                        zone,
                        List.of(),
                        null));
    }

    private static Event event(EventTag tag, ObjectRef... objects) {
        return new Event(NOON, tag, List.of(objects), "text");
    }

    @Test
    void tagsSectionsAndEverythingMatchAsWritten() {
        Event nodefail = event(EventTag.NODEFAIL);
        Event monitorfail = event(EventTag.MONITORFAIL);
        Event actionfail = event(EventTag.ACTIONFAIL);
        EventMatch one = match(List.of("nodefail"), List.of(), Severity.INFO);
        EventMatch section = match(List.of("pools/*"), List.of(), Severity.INFO);
        EventMatch all = match(List.of("*"), List.of(), Severity.INFO);

        assertThat(one.matches(nodefail)).isTrue();
        assertThat(one.matches(event(EventTag.NODEWORKING))).isFalse();
        assertThat(section.matches(event(EventTag.POOLDIED))).isTrue();
        assertThat(section.matches(monitorfail)).isFalse();
        assertThat(all.matches(monitorfail)).isTrue();
        assertThat(all.matches(actionfail)).isFalse();
        assertThat(match(List.of("actions/*"), List.of(), Severity.INFO).matches(actionfail))
                .isTrue();
    }

    @Test
    void anEventTypeForOnePoolLeavesOthersAlone() {
        EventMatch p1 = match(List.of("*"), List.of(), Severity.INFO, "pools/p1", "pools/p3");
        ObjectRef node = ObjectRef.node("a:80");

        assertThat(p1.matches(event(EventTag.NODEFAIL, ObjectRef.pool("p1"), node))).isTrue();
        assertThat(p1.matches(event(EventTag.NODEFAIL, ObjectRef.pool("p2"), node))).isFalse();
        assertThat(p1.matches(event(EventTag.NODEFAIL, ObjectRef.pool("p3"), node))).isTrue();
        assertThat(p1.matches(event(EventTag.MONITORFAIL, ObjectRef.monitor("m")))).isTrue();
    }

    @Test
    void customEventsMatchByTheirName() {
        Event login = event(EventTag.CUSTOMEVENT, new ObjectRef("trafficscript", "login"));
        Event logout = event(EventTag.CUSTOMEVENT, new ObjectRef("trafficscript", "logout"));
        EventMatch named = match(List.of(), List.of("login"), Severity.INFO);

        assertThat(named.matches(login)).isTrue();
        assertThat(named.matches(logout)).isFalse();
        assertThat(named.matches(event(EventTag.NODEFAIL))).isFalse();
        assertThat(match(List.of(), List.of("*"), Severity.INFO).matches(logout)).isTrue();
        assertThat(match(List.of("customevent"), List.of(), Severity.INFO).matches(logout))
                .isTrue();
    }

    @Test
    void whatMattersLessDoesNotMatch() {
        EventMatch serious = match(List.of("*"), List.of(), Severity.SERIOUS);

        assertThat(serious.matches(event(EventTag.NODEFAIL))).isTrue();
        assertThat(serious.matches(event(EventTag.RULEOVERRUN))).isFalse();
        assertThat(serious.matches(event(EventTag.NODEWORKING))).isFalse();
    }

    /** London changed clocks on 29 March 2026 at 01:00 UTC and on 25 October at 01:00 UTC. */
    @ParameterizedTest
    @CsvSource({
        "2026-01-05T07:59:59.999Z, false", // a Monday in winter
        "2026-01-05T08:00:00Z,     true",
        "2026-01-05T17:59:59.999Z, true",
        "2026-01-05T18:00:00Z,     false",
        "2026-01-04T12:00:00Z,     false", // a Sunday
        "2026-03-30T06:59:59.999Z, false", // the first Monday in summer time
        "2026-03-30T07:00:00Z,     true",
        "2026-03-30T17:00:00Z,     false",
        "2026-10-26T07:30:00Z,     false", // and the first after it
        "2026-10-26T08:00:00Z,     true",
    })
    void handOverIsExactlyAtTheMinuteInSummerAndWinter(Instant when, boolean day) {
        EventMatch byDay = hours("Europe/London", "mon-fri 08:00-18:00");
        EventMatch byNight =
                hours(
                        "Europe/London",
                        "mon-fri 18:00-08:00",
                        "sat,sun 00:00-24:00",
                        "mon 00:00-08:00");
        Event event = new Event(when, EventTag.NODEFAIL, List.of(), "text");

        assertThat(byDay.matches(event)).isEqualTo(day);
        assertThat(byNight.matches(event)).isEqualTo(!day);
    }
}
