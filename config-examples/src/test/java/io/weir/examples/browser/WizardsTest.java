package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Each wizard shows what it changes, and then changes just that. */
@ExtendWith(AtTheDesk.class)
class WizardsTest {

    @Test
    void aServiceIsMadeWithTheMouseGetsTlsAndGoesAgain(Desk desk) {
        Page page = desk.page();
        page.go("wizards", "Wizards");
        page.press("New service …");
        page.fill("Name", "mouse");
        page.fill("Listen on", "127.0.0.1:0");
        page.fill("Nodes, one on each line", desk.node(1) + "\n" + desk.node(2));
        page.choose("Monitor", "Connect");
        page.press("Show what it does …");
        page.sees("virtual-servers/mouse");
        page.sees("pools/mouse");
        page.agree();
        page.sees("Pool mouse");
        page.sees(desk.node(1));

        page.go("wizards", "Wizards");
        page.press("TLS for a service …");
        page.choose("Virtual server", "mouse");
        page.press("Next");
        page.tick("A new one");
        page.fill("Host names and addresses", "mouse.example");
        page.press("Show what it does …");
        page.sees("virtual-servers/mouse");
        page.agree();
        page.go("catalogs/certificates", "Certificates");
        page.sees("mouse.example");
        page.sees("days left");

        remove(page, "virtual-servers", "mouse");
        remove(page, "pools", "mouse");
        page.go("catalogs/certificates", "Certificates");
        page.press("Remove …", "mouse.example");
        page.agree();
        page.seesNoMore("mouse.example");
        assertThat(page.complaints()).isEmpty();
    }

    private static void remove(Page page, String section, String name) {
        page.go("catalogs/" + section + "/" + name, name);
        page.press("Remove …");
        page.agree();
        page.sees("All catalogs");
    }

    @Test
    void aServiceIsMadeWithTheKeyboardAlone(Desk desk) {
        Page page = desk.page();
        page.tabTo("Wizards");
        page.enter();
        page.sees("Each shows what it changes");
        page.tabTo("New service");
        page.enter();
        page.sees("Nodes, one on each line");
        page.type("keys");
        page.tabTo("Listen on");
        page.type("127.0.0.1:0");
        page.tabTo("Nodes, one on each line");
        page.type(desk.node(1));
        page.tabTo("Show what it does");
        page.space();
        page.sees("pools/keys");
        page.tabTo("Apply");
        page.enter();
        page.sees("Pool keys");
        remove(page, "virtual-servers", "keys");
        remove(page, "pools", "keys");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void aWizardThatIsLeftChangesNothingAndTheFocusComesBack(Desk desk) {
        Page page = desk.page();
        page.go("wizards", "Wizards");
        page.tabTo("New service");
        page.enter();
        page.sees("Nodes, one on each line");
        page.type("left");
        page.escape();
        page.seesNoMore("Nodes, one on each line");
        assertThat(page.run("person.focus()").stringValue()).contains("New service");
        page.enter();
        page.sees("Nodes, one on each line");
        page.escape();
        Await.until(
                "the dialog to be gone",
                Browser.PATIENCE,
                () -> page.is("document.querySelector('dialog') === null"));
        page.go("services", "Services");
        assertThat(page.reads("left")).isFalse();
    }

    @Test
    void aRuleIsEnabledAndTakenOutAgain(Desk desk) {
        Page page = desk.page();
        page.go("wizards", "Wizards");
        page.press("Enable a rule …");
        page.choose("Rule", "route");
        page.choose("Virtual server", "shop");
        page.press("Show what it does …");
        page.sees("in this order: route");
        page.agree();
        page.go("catalogs/rules/route", "Rule route");
        page.sees("Run by shop");
        page.go("catalogs/virtual-servers/shop", "shop");
        page.fill("Request rules", "");
        page.tab();
        page.press("Save …");
        page.agree();
        page.go("catalogs/rules/route", "Rule route");
        page.sees("no virtual server runs it");
    }

    @Test
    void aNodeIsDrainedEverywhereTheVerdictIsShownAndItComesBack(Desk desk) {
        Page page = desk.page();
        page.go("wizards", "Wizards");
        page.press("A node everywhere …");
        page.fill("Node", desk.node(2));
        page.tick("Drain");
        page.fill("Reason", "new kernel");
        page.press("Show what it does …");
        page.sees("What it means for each pool");
        page.press("Drain");
        page.seesNoMore("What it means for each pool");
        page.go("activity/draining", "Activity");
        page.sees(desk.node(2));
        page.sees("new kernel");
        page.sees("yes");
        page.go("wizards", "Wizards");
        page.press("A node everywhere …");
        page.fill("Node", desk.node(2));
        page.tick("Reactivate");
        page.press("Show what it does …");
        page.press("Reactivate");
        page.seesNoMore("What it means for each pool");
        page.go("activity/draining", "Activity");
        page.sees("No node is draining or disabled.");
    }

    @Test
    void aNodeIsRemovedAndABackupBringsItBack(Desk desk) throws Exception {
        Page page = desk.page();
        Path kept = desk.directory("downloads");
        page.keepDownloads(kept);
        page.go("wizards", "Wizards");
        page.press("Backup …");
        Await.until("the backup", Browser.PATIENCE, () -> list(kept).size() == 1);
        Path backup = list(kept).getFirst();

        page.press("A node everywhere …");
        page.fill("Node", desk.node(2));
        page.tick("Remove");
        page.press("Show what it does …");
        page.sees("pools/web");
        page.agree();
        page.go("services/pool/web", "Pool web");
        page.seesNoMore(desk.node(2));

        page.go("wizards", "Wizards");
        page.press("Restore …");
        page.give("File of the backup", backup);
        page.sees("What comes back");
        page.press("Show what it does …");
        page.sees("One key changes");
        page.sees("pools.web.nodes");
        page.agree();
        page.go("services/pool/web", "Pool web");
        page.sees(desk.node(2));
        assertThat(page.complaints()).isEmpty();
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".json")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
