package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.URLEncoder;

/** Users, what each may do, and what those write who mean harm. */
@ExtendWith(AtTheDesk.class)
class PeopleTest {

    private static final String HARM = "<img src=x onerror=window.harmed=1>";

    @Test
    void whoMayOnlyLookIsOfferedNothingToDo(Desk desk) {
        Page page = desk.page();
        page.go("system/users", "System");
        page.press("New user …");
        page.fill("Name", "vera");
        page.fill("Password", Desk.PASSWORD);
        page.press("Add");
        page.sees("vera");
        page.sees("may sign in");

        Page hers = desk.newPage();
        Desk.signIn(hers, "vera", Desk.PASSWORD);
        hers.sees("Nodes at work");
        hers.go("services/pool/web", "Pool web");
        hers.sees(desk.node(1));
        assertThat(hers.offers("Drain")).isFalse();
        assertThat(hers.offers("Disable")).isFalse();
        hers.go("services", "Services");
        assertThat(hers.offers("New service …")).isFalse();
        hers.go("catalogs/pools/web", "web");
        hers.sees("the permission to change pools is missing");
        assertThat(hers.offers("Save …")).isFalse();
        hers.go("system", "System");
        assertThat(hers.offers("Users")).isFalse();

        page.press("Remove …", "vera");
        page.press("Remove");
        page.seesNoMore("vera");
        hers.go("home", "");
        hers.sees("Password");
    }

    @Test
    void aRoleIsMadeOfTicksAndATokenIsShownOnce(Desk desk) {
        Page page = desk.page();
        page.go("system/roles", "System");
        page.press("New role …");
        page.fill("Name", "drainer");
        page.press("Make");
        page.sees("What the role drainer may");
        page.tick("operate pools");
        page.press("Save");
        page.sees("saved");
        page.go("system/roles/viewer", "System");
        page.sees("This role is built in");
        page.go("system/roles/drainer", "System");
        page.sees("What the role drainer may");
        assertThat(page.is("person.field('operate pools').checked")).isTrue();
        assertThat(page.is("person.field('change pools').checked")).isFalse();
        page.press("Remove …");
        page.press("Remove");
        page.seesNoMore("drainer");

        page.go("system/tokens", "System");
        page.press("New token …");
        page.fill("Note", "nightly backup");
        page.press("Make");
        page.sees("It is shown this once only.");
        page.press("Close");
        page.sees("nightly backup");
        page.press("Remove …", "nightly backup");
        page.press("Remove");
        page.seesNoMore("nightly backup");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void whatOthersWriteIsShownAndNeverDone(Desk desk) {
        Page page = desk.page();
        page.go("services/pool/web", "Pool web");
        page.press("Drain", desk.node(1));
        page.fill("Reason", HARM);
        page.press("Drain");
        page.sees(HARM);
        page.go("activity/draining", "Activity");
        page.sees(HARM);
        page.go("diagnose/audit", "Diagnose");
        page.sees(HARM);
        page.go("services/pool/web", "Pool web");
        page.press("Undrain", desk.node(1));
        page.press("Take");
        page.seesNoMore(HARM);

        page.go("catalogs/actions/night", "night");
        page.press("Further settings");
        page.fill("Note", HARM);
        page.tab();
        page.press("Save …");
        page.fill("Comment for the history", HARM);
        page.agree();
        page.go("catalogs/actions", "Actions");
        page.sees(HARM);
        page.go("system/revisions", "System");
        page.press("What changed", HARM);
        page.sees("actions.night.note");
        page.sees(HARM);
        page.press("Close");
        page.go("catalogs/pools/" + URLEncoder.encode(HARM, UTF_8).replace("+", "%20"), HARM);

        assertThat(desk.get("/" + HARM.replace(' ', '+'), "User-Agent: " + HARM).status())
                .isBetween(200, 499);
        page.go("activity/logs/shop.log", "Activity");
        page.sees(HARM);
        assertThat(page.is("window.harmed === undefined")).isTrue();
        assertThat(page.complaints()).isEmpty();
    }
}
