package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.examples.Installation;
import io.weir.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pages in front of 50 virtual servers, 100 pools, 500 nodes and 10,000 events. */
@ExtendWith(AtTheDesk.class)
class ManyObjectsTest {

    private static final int MOST_BYTES = 300 << 10;
    private static final int EVENTS = 10_000;
    private static final String LONG_NAME = "a_name_that_nowhere_can_be_broken_".repeat(3);

    private static final Map<String, String> PAGES = new LinkedHashMap<>();

    static {
        // Two that follow each other are never the same element with other words in it.
        PAGES.put("services", "Services");
        PAGES.put("services/pool/" + LONG_NAME, "Pool " + LONG_NAME);
        PAGES.put("services/server/" + LONG_NAME, "Virtual server " + LONG_NAME);
        PAGES.put("catalogs/pools", "Pools");
        PAGES.put("services/pool/pool 07", "Pool pool 07");
        PAGES.put("catalogs", "Catalogs");
        PAGES.put("catalogs/virtual-servers", "Virtual servers");
        PAGES.put("catalogs/virtual-servers/" + LONG_NAME, LONG_NAME);
        PAGES.put("diagnose", "Diagnose");
        PAGES.put("activity", "Activity");
        PAGES.put("home", "Home");
        PAGES.put("activity/charts", "Activity");
        PAGES.put("system", "System");
        PAGES.put("activity/connections", "Activity");
    }

    /** One pool has a hundred nodes and one of them a name of its own; the others have four. */
    private static String configuration() {
        StringBuilder text = new StringBuilder("virtual-servers:\n");
        for (int i = 0; i < 50; i++) {
            String name = i == 49 ? LONG_NAME : "service %02d".formatted(i);
            String pool = i == 49 ? LONG_NAME : "pool %02d".formatted(i);
            text.append("  %s: {listen: 127.0.0.1:0, pool: %s}%n".formatted(name, pool));
        }
        text.append("pools:\n");
        for (int i = 0; i < 100; i++) {
            List<String> nodes = new ArrayList<>();
            for (int n = 1; n <= (i == 49 ? 104 : 4); n++) {
                nodes.add("10.9." + i + "." + n + ":80");
            }
            String name = i == 49 ? LONG_NAME : "pool %02d".formatted(i);
            text.append("  %s: {nodes: [%s]}%n".formatted(name, String.join(", ", nodes)));
        }
        return text.append("global: {metrics: off, admin: {listen: 127.0.0.1:0}}\n").toString();
    }

    private static String events() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            text.append("2026-01-01T%02d:%02d:%02d.000Z".formatted(i / 3600, i / 60 % 60, i % 60));
            text.append("\tINFO\tpools/pool 07\trulelogmsginfo\tevent of before, no. ");
            text.append(i).append('\n');
        }
        return text.toString();
    }

    @Test
    void areSmallAndFitTheirWindowAndFindWhatIsLookedFor(Desk desk) throws Exception {
        Path home = desk.directory("many");
        Path file = Files.writeString(home.resolve("weir.yaml"), configuration());
        Path logs = Files.createDirectories(home.resolve("weir/log"));
        Files.writeString(logs.resolve("events.log"), events());
        try (Installation.Running weir =
                new Installation(home.resolve("weir")).start(Map.of(), "run", file.toString())) {
            Desk.Door door = Desk.Door.of(weir);
            Page page = desk.newPage(door);
            Desk.firstSignIn(page, door);
            page.ask("Network.setCacheDisabled", Map.of("cacheDisabled", true));
            page.open(door.url());
            page.sees("service 48");
            Map<String, Long> millis = new LinkedHashMap<>();
            millis.put("first page", Math.round(page.run("performance.now()").doubleValue()));
            long bytes =
                    page.run(
                                    "[...performance.getEntriesByType('navigation'),"
                                        + " ...performance.getEntriesByType('resource')].reduce((s,"
                                        + " e) => s + e.transferSize, 0)")
                            .longValue();
            assertThat(bytes).as("bytes of the first page").isBetween(10_000L, (long) MOST_BYTES);

            List<String> found = new ArrayList<>();
            for (int width : new int[] {1280, 390}) {
                page.size(width, width == 1280 ? 720 : 844);
                for (Map.Entry<String, String> each : PAGES.entrySet()) {
                    String name = each.getKey().replaceAll("[/ ]", "-") + "-" + width;
                    millis.put(name, took(page, each.getKey(), each.getValue()));
                    page.picture(Desk.pictures(), "many-" + name);
                    if (page.isTooWide()) {
                        found.add(each.getKey() + " at " + width);
                    }
                }
            }
            assertThat(found).isEmpty();
            if (Desk.pictures() != null) {
                String lines = "bytes of the first page: " + bytes + "\nmilliseconds: " + millis;
                Files.writeString(Desk.pictures().resolve("many-objects.txt"), lines);
            }

            page.go("services/pool/" + LONG_NAME, "Pool " + LONG_NAME);
            page.sees("1 to 50 of 104");
            page.press("Next page");
            page.sees("51 to 100 of 104");
            page.fill("Filter by node or state", "10.9.49.77");
            page.sees("10.9.49.77");
            page.seesNoMore("10.9.49.51");

            page.go("diagnose/events", "Diagnose");
            page.sees("event of before, no. " + (EVENTS - 1));
            page.press("Older ones");
            page.seesNoMore("event of before, no. " + (EVENTS - 1));
            page.fill("Look for", "NO. 17");
            page.sees("event of before, no. 1799");
            page.press("Older ones");
            Await.until(
                    "the oldest event with these words",
                    Browser.PATIENCE,
                    () ->
                            page.is(
                                    "[...document.querySelectorAll('td')].some((e) =>"
                                            + " e.textContent.trim().endsWith(', no. 17'))"));
            assertThat(page.complaints()).isEmpty();
        }
    }

    /** Goes to a page; the milliseconds until it has been painted, as the page measures them. */
    private static long took(Page page, String route, String heading) {
        String watch =
                """
                new Promise((done) => {
                  document.querySelectorAll('main h1').forEach((old) => old.dataset.old = 'yes');
                  const begin = performance.now();
                  location.hash = %s;
                  const look = () => {
                    const main = document.querySelector('main');
                    const there = main?.querySelector('h1:not([data-old])')?.textContent.startsWith(%s)
                      && !main.textContent.includes('Asking Weir');
                    const gone = performance.now() - begin;
                    requestAnimationFrame(() => there || gone > 60000 ? done(gone) : look());
                  };
                  requestAnimationFrame(look);
                })
                """
                        .formatted(Page.text("#/" + route.replace(" ", "%20")), Page.text(heading));
        long millis = Math.round(page.run(watch).doubleValue());
        page.go(route.replace(" ", "%20"), heading);
        return millis;
    }
}
