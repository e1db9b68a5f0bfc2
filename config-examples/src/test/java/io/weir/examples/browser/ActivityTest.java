package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.RawClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the traffic looks like. */
@ExtendWith(AtTheDesk.class)
class ActivityTest {

    @Test
    void aRequestThatFailedIsExplainedWithItsPhases(Desk desk) throws Exception {
        assertThat(desk.get("/pond?secret=carp", "X-Try: 1").status()).isEqualTo(503);

        Page page = desk.page();
        page.go("activity/requests", "Activity");
        page.sees("answered 503");
        page.sees("/pond?secret=");
        assertThat(page.reads("carp")).isFalse();
        page.press("Explain the request", "/pond");
        page.sees("Where the time went");
        page.sees("first byte");
        page.sees("Nodes that could have served it");
        page.sees("chosen");
        page.picture(Desk.pictures(), "explain");
        assertThat(page.barriers()).isEmpty();
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void anOpenConnectionIsShownWithTheLetterOfItsState(Desk desk) throws Exception {
        Page page = desk.page();
        try (RawClient client = RawClient.to(desk.address())) {
            assertThat(client.exchange(Desk.request("/", "X-Try: 2")).status()).isEqualTo(200);
            page.go("activity/connections", "Activity");
            page.sees("shop");
            page.sees("of them ended");
            page.choose("Show", "only open");
            page.choose("State", "K");
            page.sees("1 connections");
            page.choose("State", "X");
            page.sees("No connection fits.");
            assertThat(page.complaints()).isEmpty();
        }
    }

    @Test
    void whatIsWrongIsToldSinceWhenAndLeadsToWhatSuffers(Desk desk) {
        Page page = desk.page();
        page.go("services/pool/web", "Pool web");
        for (int which : new int[] {1, 2}) {
            page.press("Drain", desk.node(which));
            page.fill("Reason", "for a test");
            page.press("Drain");
            page.seesNoMore("Ends by itself");
        }
        page.go("diagnose/events", "Diagnose");
        page.sees("pool web has no usable node since 20");
        page.press("pool web has no usable node");
        page.sees("no node works");
        for (int which : new int[] {1, 2}) {
            page.press("Undrain", desk.node(which));
            page.press("Take");
            page.seesNoMore("Take back");
        }
        page.go("diagnose/events", "Diagnose");
        page.seesNoMore("no usable node since");
        assertThat(page.complaints()).isEmpty();
    }

    private static int charts(Page page) {
        return page.run("document.querySelectorAll('weir-chart canvas').length").intValue();
    }

    @Test
    void aCounterIsChosenAndDrawn(Desk desk) {
        Page page = desk.page();
        page.go("activity/charts", "Activity");
        // A Weir that has just begun has no figures to draw; they come by themselves.
        Await.until("a chart", Browser.PATIENCE, () -> charts(page) > 0);
        int before = charts(page);
        page.press("Choose counters");
        page.fill("Filter counters", "weir_virtual_server_connections shop");
        page.choose("Time", "the last 90 days");
        page.tick("weir_virtual_server_connections shop");
        Await.until("another chart", Browser.PATIENCE, () -> charts(page) == before + 1);
        page.choose("Time", "from now on");
        Await.until(
                "a figure of this moment",
                Browser.PATIENCE,
                () ->
                        page.is(
                                "[...document.querySelectorAll('figcaption strong')].some((e) =>"
                                        + " /[0-9]/.test(e.textContent))"));
        page.go("home", "Home");
        assertThat(page.complaints()).isEmpty();
    }
}
