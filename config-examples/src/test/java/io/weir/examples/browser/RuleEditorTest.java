package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Writing a rule: problems while typing, help, a trial, versions. */
@ExtendWith(AtTheDesk.class)
class RuleEditorTest {

    private static void retype(Page page, String text) {
        page.run(
                "document.querySelector('weir-editor').shadowRoot.querySelector('.cm-content').focus()");
        page.selectAll();
        page.type("");
        page.typeKeys(text);
    }

    @Test
    void aRuleIsWrittenCheckedTriedSavedAndComparedToWhatItWas(Desk desk) {
        Page page = desk.page();
        page.go("catalogs/rules/fresh", "Rule fresh (new)");
        retype(page, "const a = 1;\nif (a { pool.use('web'); }\n");
        page.sees("Line 2:");

        retype(page, "if (http.getPath() === '/gold') { pool.use('web'); }\nlog.info('seen');\n");
        page.seesNoMore("Line 2:");
        page.fill("Address", "/gold");
        page.press("Run");
        page.sees("Decision");
        page.sees("http.getPath");

        page.press("Save …");
        page.agree();
        page.sees("Versions …");
        retype(page, "log.info('other');\n");
        page.press("Save …");
        page.agree();
        page.seesNoMore("Comment for the history");
        page.press("Versions …");
        page.press("Compare");
        page.sees("No difference.");
        page.press("Close");
        page.press("Remove …");
        page.agree();
        page.sees("All catalogs");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void aNewRuleLeavesTheFileToTheOneThatHadItsName(Desk desk) {
        Page page = desk.page();
        page.go("catalogs/rules/former", "Rule former (new)");
        retype(page, "log.info('mine');\n");
        page.press("Save …");
        page.agree();
        page.sees("Versions …");
        page.go("catalogs/rules/moved", "Rule moved");
        page.seesInside("weir-editor", "'moved'");
        page.go("catalogs/rules/former", "Rule former");
        page.seesInside("weir-editor", "'mine'");
        page.press("Remove …");
        page.agree();
        page.sees("All catalogs");
        page.go("catalogs/rules/moved", "Rule moved");
        page.seesInside("weir-editor", "'moved'");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void aRuleIsBuiltOfConditionsAndActionsAndGoesOnAsAProgram(Desk desk) {
        Page page = desk.page();
        page.go("catalogs/rules/built", "Rule built (new)");
        page.press("Build it from conditions and actions");
        page.fill("Condition 1: value", "/it's müsli/");
        page.tab();
        page.choose("In the end", "send it to a pool");
        page.fill("In the end: Pool", "web");
        page.tab();
        page.fill("Address", "/it's%20müsli/ring");
        page.press("Run");
        page.sees("pool.use");
        page.press("Go on as a program");
        page.seesInside("weir-editor", "startsWith('/it\\'s müsli/')");
        assertThat(page.barriers()).isEmpty();
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void aFunctionIsCompletedAndExplained(Desk desk) {
        Page page = desk.page();
        page.go("catalogs/rules/route", "Rule route");
        retype(page, "");
        page.typeKeys("http.getHea");
        page.seesInside("weir-editor", "http.getHeader");
        page.go("home", "Home");
    }
}
