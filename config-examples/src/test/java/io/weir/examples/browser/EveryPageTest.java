package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What holds for every page. */
@ExtendWith(AtTheDesk.class)
class EveryPageTest {

    /** The heading of each page by its route. */
    private static Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("home", "Home");
        pages.put("services", "Services");
        pages.put("services/pool/web", "Pool web");
        pages.put("services/server/shop", "Virtual server shop");
        pages.put("wizards", "Wizards");
        pages.put("catalogs", "Catalogs");
        pages.put("catalogs/pools", "Pools");
        pages.put("catalogs/pools/web", "web");
        pages.put("catalogs/virtual-servers/shop", "shop");
        pages.put("catalogs/rules/route", "Rule route");
        pages.put("catalogs/certificates", "Certificates");
        pages.put("catalogs/alerting", "Alerting");
        pages.put("catalogs/global", "Global settings");
        pages.put("diagnose/events", "Diagnose");
        pages.put("diagnose/audit", "Diagnose");
        pages.put("activity", "Activity");
        pages.put("activity/charts", "Activity");
        pages.put("activity/connections", "Activity");
        pages.put("activity/requests", "Activity");
        pages.put("activity/draining", "Activity");
        pages.put("activity/cache", "Activity");
        pages.put("activity/logs", "Activity");
        pages.put("system", "System");
        pages.put("system/instances", "System");
        pages.put("system/revisions", "System");
        pages.put("system/backup", "System");
        pages.put("system/users", "System");
        pages.put("system/roles", "System");
        pages.put("system/tokens", "System");
        return pages;
    }

    @Test
    void keepsNobodyOutAndTheBrowserDoesNotComplain(Desk desk) throws Exception {
        Page page = desk.page();
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, String> each : pages().entrySet()) {
            page.go(each.getKey(), each.getValue());
            for (boolean dark : new boolean[] {false, true}) {
                page.dark(dark);
                page.picture(
                        Desk.pictures(),
                        each.getKey().replace('/', '-') + (dark ? "-dark" : "-light"));
                page.barriers().forEach(b -> found.add(each.getKey() + " dark=" + dark + ": " + b));
            }
            if (page.isTooWide()) {
                found.add(each.getKey() + " is wider than 1280");
            }
            page.complaints().forEach(c -> found.add(each.getKey() + ": " + c));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void canBeReadOnATelephone(Desk desk) throws Exception {
        Page page = desk.page();
        page.size(390, 844);
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, String> each : pages().entrySet()) {
            page.go(each.getKey(), each.getValue());
            page.picture(Desk.pictures(), each.getKey().replace('/', '-') + "-phone");
            if (page.isTooWide()) {
                found.add(each.getKey());
            }
        }
        assertThat(found).as("wider than a telephone").isEmpty();
    }

    @Test
    void leavesNothingBehindWhenItIsLeft(Desk desk) {
        Page page = desk.page();
        List<Map.Entry<String, String>> all = List.copyOf(pages().entrySet());
        for (Map.Entry<String, String> each : all) {
            page.go(each.getKey(), each.getValue());
        }
        page.go("home", "Home");
        long listeners = page.figure("JSEventListeners");
        long nodes = page.figure("Nodes");
        long heap = page.figure("JSHeapUsedSize");
        for (int round = 0; round < 4; round++) {
            for (Map.Entry<String, String> each : all) {
                page.go(each.getKey(), each.getValue());
            }
        }
        page.go("home", "Home");
        assertThat(page.figure("JSEventListeners")).isLessThan(listeners + 80);
        assertThat(page.figure("Nodes")).isLessThan(2 * nodes + 1000);
        assertThat(page.figure("JSHeapUsedSize")).isLessThan(heap + (2 << 20));
    }

    @Test
    void offersAControlOfItsOwnForEverySetting(Desk desk) throws Exception {
        Page page = desk.page();
        page.go("catalogs/pools/web", "web");
        page.press("Further settings");
        page.press("Settings of Tls");
        page.sees("Back to the default");
        assertThat(page.barriers()).isEmpty();
        page.picture(Desk.pictures(), "settings");
        page.press("Back to the default of Tls");
        page.seesNoMore("Back to the default");
        page.choose("Keepalive", "false");
        page.fill("Max reply time", "20s");
        page.tab();
        page.press("Save …");
        page.sees("pools/web");
        page.press("Cancel");
        page.seesNoMore("Comment for the history");
        assertThat(page.is("document.querySelectorAll('textarea.code').length === 0")).isTrue();
        assertThat(page.complaints()).isEmpty();
    }

    /** What one may use who may only look: it finds, opens, keeps copies, and changes nothing. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "Back up",
                    "Backup …",
                    "Back up now",
                    "Choose counters",
                    "Compare to now",
                    "Configuration",
                    "Download",
                    "Download as a table",
                    "Event types",
                    "Actions",
                    "Explain",
                    "Is it safe?",
                    "Older ones",
                    "New token …",
                    "Safe to take?",
                    "Search",
                    "Sign out",
                    "Support report",
                    "Versions …",
                    "What changed");

    @Test
    void offersNothingThatChangesToWhoMayOnlyLook(Desk desk) {
        Page page = desk.page();
        page.go("system/users", "System");
        page.press("New user …");
        page.fill("Name", "wanda");
        page.fill("Password", Desk.PASSWORD);
        page.press("Add");
        page.sees("wanda");

        Page hers = desk.newPage();
        Desk.signIn(hers, "wanda", Desk.PASSWORD);
        hers.sees("Nodes at work");
        Set<String> offered = new TreeSet<>();
        for (Map.Entry<String, String> each : pages().entrySet()) {
            if (each.getKey().equals("system/users") || each.getKey().equals("system/roles")) {
                continue;
            }
            hers.go(each.getKey(), each.getValue());
            hers.controls().stream()
                    .filter(words -> !HARMLESS.contains(words))
                    .forEach(words -> offered.add(each.getKey() + ": " + words));
        }
        page.press("Remove …", "wanda");
        page.press("Remove");
        page.seesNoMore("wanda");
        assertThat(offered).isEmpty();
    }

    @Test
    void isInTheListOfThisTest(Desk desk) {
        Page page = desk.page();
        Set<String> led = new TreeSet<>();
        for (Map.Entry<String, String> each : pages().entrySet()) {
            page.go(each.getKey(), each.getValue());
            page.run(
                            "[...document.querySelectorAll('nav a[href^=\"#/\"], .tabs"
                                    + " a[href^=\"#/\"]')].map((a) => a.hash.slice(2))")
                    .forEach(route -> led.add(route.stringValue()));
        }
        // Roles are alike, and the first part of a page is also the page without a part.
        led.removeIf(route -> route.startsWith("system/roles/"));
        led.removeAll(Set.of("activity/traffic", "diagnose", "system/process", "services/traffic"));
        assertThat(pages().keySet()).containsAll(led);
    }
}
