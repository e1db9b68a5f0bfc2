package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.Map;

/** A page that stays open while time goes by, and Weir comes and goes. */
@ExtendWith(AtTheDesk.class)
class AwayTest {

    /** As often as a page looks while it keeps its short history. */
    private static final int LOOKS = 320;

    /** Makes the page look again at once, and counts how often it does. */
    private static final String HURRY =
            """
            (() => {
              const wait = window.setTimeout;
              window.setTimeout = (act, millis, ...more) => wait(act, millis === 2000 ? 0 : millis, ...more);
              const ask = window.fetch;
              window.looks = 0;
              window.fetch = (...what) => {
                window.looks += String(what[0]).endsWith('/status') ? 1 : 0;
                return ask(...what);
              };
            })(), null
            """;

    /** As if another Weir had been started in its place. */
    private static final String ANOTHER =
            """
            (() => {
              const ask = window.fetch;
              window.fetch = async (...what) => {
                const answer = await ask(...what);
                if (!String(what[0]).endsWith('/status') || !answer.ok) {
                  return answer;
                }
                const text = JSON.stringify({...await answer.json(), started: '2026-01-02T03:04:05Z'});
                return new Response(text, {status: 200, headers: {'Content-Type': 'application/json'}});
              };
            })(), null
            """;

    /** As if nobody had used the session for long. */
    private static final String FORGOTTEN =
            "fetch('/api/v1/session').then((r) => r.json()).then(({csrf}) =>"
                    + " fetch('/api/v1/session', {method: 'DELETE',"
                    + " headers: {'X-Weir-CSRF': csrf}})).then(() => null)";

    private static void line(Page page, boolean cut) {
        page.ask(
                "Network.emulateNetworkConditions",
                Map.of(
                        "offline",
                        cut,
                        "latency",
                        0,
                        "downloadThroughput",
                        -1,
                        "uploadThroughput",
                        -1));
    }

    @Test
    void aPageSaysWhenWeirIsAwayAndBackAndFindsItsWayAfterARestart(Desk desk) {
        var _ = desk.page(); // the first user has a password from then on
        Page page = desk.newPage();
        Desk.signIn(page, "admin", Desk.PASSWORD);
        page.sees("Nodes at work");
        page.go("services/pool/web", "Pool web");
        line(page, true);
        page.sees("Weir cannot be reached since");
        page.sees("not reached");
        page.sees(desk.node(1));
        line(page, false);
        page.sees("Weir can be reached again");
        page.press("Read");
        page.seesNoMore("Weir can be reached again");

        var _ = page.run(ANOTHER);
        var _ = page.run(FORGOTTEN);
        page.sees("Your session has ended");
        Desk.signIn(page, "admin", Desk.PASSWORD);
        page.sees("Weir was started again");
        page.sees("Pool web");
    }

    @Test
    void whatAPageKeepsOfManyLooksIsBounded(Desk desk) {
        Page page = desk.page();
        page.go("services/pool/web", "Pool web");
        var _ = page.run(HURRY);
        look(page, LOOKS);
        long listeners = page.figure("JSEventListeners");
        long nodes = page.figure("Nodes");
        long heap = page.figure("JSHeapUsedSize");
        look(page, 2 * LOOKS);
        assertThat(page.figure("JSEventListeners")).isLessThan(listeners + 20);
        assertThat(page.figure("Nodes")).isLessThan(nodes + 100);
        assertThat(page.figure("JSHeapUsedSize")).isLessThan(heap + (1 << 20));
        var _ = desk.page();
    }

    private static void look(Page page, int times) {
        Await.until(times + " looks", Browser.PATIENCE, () -> page.is("window.looks >= " + times));
    }
}
