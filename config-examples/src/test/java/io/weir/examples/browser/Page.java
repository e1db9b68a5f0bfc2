package io.weir.examples.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * A page of the browser with a mouse and a keyboard. Everything on it is found by the words that a
 * person would look for. Whatever the browser complains of is kept. Confined to one thread.
 */
final class Page {

    private static final String PERSON = read("/io/weir/examples/browser/person.js");
    private static final String AXE = read("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js");

    private static final String LOSSES = "Take that away all the same";
    private static final Pattern REFUSAL = Pattern.compile("with a status of (401|404|409|422) ");

    private final Browser browser;
    private final String session;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Page(Browser browser, String session) {
        this.browser = browser;
        this.session = session;
        browser.follow(session, this::told);
        for (String domain : List.of("Page", "Runtime", "Log", "Network", "DOM")) {
            ask(domain + ".enable", Map.of());
        }
        ask("Page.addScriptToEvaluateOnNewDocument", Map.of("source", PERSON));
        size(1280, 720);
    }

    private static String read(String resource) {
        try (InputStream in = Page.class.getResourceAsStream(resource)) {
            return new String(
                    Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void told(String method, JsonNode what) {
        switch (method) {
            case "Runtime.exceptionThrown" -> complaints.add(what.toString());
            case "Runtime.consoleAPICalled" -> {
                if (!what.get("type").stringValue().equals("log")) {
                    complaints.add(what.toString());
                }
            }
            case "Log.entryAdded" -> {
                JsonNode entry = what.get("entry");
                String text = entry.get("text").stringValue();
                // The browser notes every refusal of the server's, which is what pages show.
                boolean refusal = REFUSAL.matcher(text).find();
                if (entry.get("level").stringValue().equals("error") && !refusal) {
                    complaints.add(text + " " + entry.path("url"));
                }
            }
            default -> {}
        }
    }

    JsonNode ask(String method, Map<String, ?> parameters) {
        return browser.ask(session, method, parameters);
    }

    // ---- looking

    /** Goes to an address and waits until the page has been read. */
    void open(String url) {
        ask("Page.navigate", Map.of("url", url));
        Await.until(
                url,
                Browser.PATIENCE,
                () ->
                        is(
                                "document.readyState === 'complete' && location.href !=="
                                        + " 'about:blank' && window.person !== undefined"));
    }

    /** Goes to a page of Weir, by what stands behind the hash, and waits for its heading. */
    void go(String route, String heading) {
        run("location.hash = " + text("#/" + route));
        String what = "the page " + route + " with the heading " + heading;
        try {
            Await.until(
                    what,
                    Browser.PATIENCE,
                    () ->
                            is(
                                    "document.querySelector('main h1')?.textContent.startsWith("
                                            + text(heading)
                                            + ") && !document.querySelector('main')"
                                            + ".textContent.includes('Asking Weir')"));
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage()
                            + "; the browser says "
                            + complaints()
                            + "; there is: "
                            + words(),
                    e);
        }
    }

    /** Waits until these words can be read. */
    void sees(String words) {
        try {
            Await.until("'" + words + "'", Browser.PATIENCE, () -> reads(words));
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage()
                            + "; the browser says "
                            + complaints()
                            + "; there is: "
                            + words(),
                    e);
        }
    }

    /** Waits until these words can be read inside an element that keeps its parts to itself. */
    void seesInside(String element, String words) {
        Await.until(
                words + " in " + element,
                Browser.PATIENCE,
                () ->
                        is(
                                "document.querySelector("
                                        + text(element)
                                        + ")?.shadowRoot.textContent.includes("
                                        + text(words)
                                        + ")"));
    }

    /** Waits until these words cannot be read any more. */
    void seesNoMore(String words) {
        Await.until("no '" + words + "'", Browser.PATIENCE, () -> !reads(words));
    }

    boolean reads(String words) {
        return is("person.text().includes(" + text(words) + ")");
    }

    /** All words that can be read now. */
    String words() {
        return run("person.text()").stringValue();
    }

    boolean is(String condition) {
        return run("Boolean(" + condition + ")").booleanValue();
    }

    /** The value of an expression; a promise is waited for. */
    JsonNode run(String expression) {
        JsonNode answer =
                ask(
                        "Runtime.evaluate",
                        Map.of(
                                "expression", expression,
                                "awaitPromise", true,
                                "returnByValue", true));
        assertThat(answer.get("exceptionDetails")).as(expression).isNull();
        JsonNode value = answer.get("result").get("value");
        return value == null ? Browser.JSON.nullNode() : value;
    }

    static String text(String value) {
        return Browser.JSON.writeValueAsString(value);
    }

    // ---- the mouse

    /** Presses a button or a link. */
    void press(String name) {
        click("person.button(" + text(name) + ")");
    }

    /** Presses a button or a link in the row, card or entry with these words. */
    void press(String name, String near) {
        click("person.button(" + text(name) + ", " + text(near) + ")");
    }

    /** Whether there is such a button or link. */
    boolean offers(String name) {
        return is("person.button(" + text(name) + ")");
    }

    /** The words of everything in the page that can be pressed or filled in now, but for links. */
    List<String> controls() {
        List<String> words = new ArrayList<>();
        run("person.controls()").forEach(each -> words.add(each.stringValue()));
        return words;
    }

    /** Ticks or unticks a box, or chooses a button of a group. */
    void tick(String label) {
        click("person.field(" + text(label) + ")");
    }

    private void click(String element) {
        JsonNode[] at = new JsonNode[1];
        try {
            Await.until(
                    element + " to be there and free",
                    Browser.PATIENCE,
                    () -> {
                        JsonNode found =
                                run(
                                        "(() => { const e = "
                                                + element
                                                + "; return e ? person.middle(e) : null; })()");
                        at[0] = found;
                        return !found.isNull();
                    });
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage()
                            + "; the browser says "
                            + complaints()
                            + "; there is: "
                            + words(),
                    e);
        }
        for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
            ask(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at[0].get("x").doubleValue(),
                            "y",
                            at[0].get("y").doubleValue(),
                            "button",
                            type.equals("mouseMoved") ? "none" : "left",
                            "clickCount",
                            type.equals("mouseMoved") ? 0 : 1));
        }
    }

    /** Agrees to the change that is shown, to losses too when Weir asks about them. */
    void agree() {
        Await.until(
                "the effect of the change",
                Browser.PATIENCE,
                () ->
                        is("person.button('Apply') && !person.button('Apply').disabled")
                                || offersToLose());
        if (offersToLose()) {
            tick(LOSSES);
        }
        press("Apply");
        Await.until("the change to be made", Browser.PATIENCE, () -> !offers("Apply"));
    }

    private boolean offersToLose() {
        return is("person.field(" + text(LOSSES) + ")");
    }

    // ---- the keyboard

    /** Clears a field and types into it. */
    void fill(String label, String value) {
        click("person.field(" + text(label) + ")");
        selectAll();
        type(value);
    }

    /** Marks all where the focus is, so that what is typed takes its place. */
    void selectAll() {
        ask(
                "Input.dispatchKeyEvent",
                Map.of(
                        "type",
                        "rawKeyDown",
                        "key",
                        "a",
                        "code",
                        "KeyA",
                        "windowsVirtualKeyCode",
                        65,
                        "modifiers",
                        2,
                        "commands",
                        List.of("selectAll")));
        ask(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyUp", "key", "a", "code", "KeyA", "modifiers", 2));
    }

    /** Types key by key, as those editors need that offer to complete a word. */
    void typeKeys(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\n') {
                enter();
                continue;
            }
            for (String type : List.of("keyDown", "keyUp")) {
                ask(
                        "Input.dispatchKeyEvent",
                        Map.of(
                                "type",
                                type,
                                "key",
                                String.valueOf(c),
                                "text",
                                type.equals("keyDown") ? String.valueOf(c) : ""));
            }
        }
    }

    /** Chooses in a list, as typing its words would. */
    void choose(String label, String option) {
        Await.until(
                option + " in " + label,
                Browser.PATIENCE,
                () ->
                        is(
                                "(() => { const s = person.field("
                                        + text(label)
                                        + "); const o = [...(s?.options ?? [])].find((e) =>"
                                        + " e.textContent.trim().startsWith("
                                        + text(option)
                                        + ")); if (!o) return false; s.focus(); s.value = o.value;"
                                        + " s.dispatchEvent(new Event('input', {bubbles: true}));"
                                        + " s.dispatchEvent(new Event('change', {bubbles: true}));"
                                        + " return true; })()"));
    }

    /** Types where the focus is. */
    void type(String value) {
        if (value.isEmpty()) {
            key("Delete", "Delete", 46);
        } else {
            ask("Input.insertText", Map.of("text", value));
        }
    }

    void enter() {
        key("Enter", "Enter", 13);
    }

    void escape() {
        key("Escape", "Escape", 27);
    }

    void tab() {
        key("Tab", "Tab", 9);
    }

    void space() {
        key(" ", "Space", 32);
    }

    /** Moves the focus with the Tab key until it is on something with these words. */
    void tabTo(String words) {
        List<String> way = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String at = run("person.focus()").stringValue();
            if (at.contains(words)) {
                return;
            }
            way.add(at);
            tab();
        }
        throw new AssertionError("the Tab key never comes to " + words + ", only to " + way);
    }

    private void key(String key, String code, int number) {
        String typed = key.equals("Enter") ? "\r" : key.equals(" ") ? " " : "";
        for (String type : List.of(typed.isEmpty() ? "rawKeyDown" : "keyDown", "keyUp")) {
            ask(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type", type,
                            "key", key,
                            "code", code,
                            "text", type.equals("keyDown") ? typed : "",
                            "windowsVirtualKeyCode", number));
        }
    }

    /** Has the browser keep what is downloaded. */
    void keepDownloads(Path directory) {
        ask(
                "Page.setDownloadBehavior",
                Map.of("behavior", "allow", "downloadPath", directory.toString()));
    }

    /** Chooses a file where one is asked for. */
    void give(String label, Path file) {
        Await.until(label, Browser.PATIENCE, () -> is("person.field(" + text(label) + ")"));
        JsonNode input =
                ask("Runtime.evaluate", Map.of("expression", "person.field(" + text(label) + ")"));
        ask(
                "DOM.setFileInputFiles",
                Map.of(
                        "files",
                        List.of(file.toString()),
                        "objectId",
                        input.get("result").get("objectId").stringValue()));
    }

    // ---- what it is like

    /** The size of the window. */
    void size(int width, int height) {
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 600));
    }

    /** Whether its user likes it dark. */
    void dark(boolean dark) {
        ask(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of(
                                        "name",
                                        "prefers-color-scheme",
                                        "value",
                                        dark ? "dark" : "light"))));
    }

    /** What axe-core finds that keeps people out: rule, and where. */
    List<String> barriers() {
        if (!is("window.axe !== undefined")) {
            var _ = run(AXE + "; null");
        }
        JsonNode found =
                run(
                        "axe.run(document, {resultTypes: ['violations']}).then((r) =>"
                            + " r.violations.filter((v) => ['serious',"
                            + " 'critical'].includes(v.impact)).flatMap((v) => v.nodes.map((n) =>"
                            + " `${v.id}: ${n.target} ${n.html}` + ` ${n.any.map((a) =>"
                            + " a.message)}`)))");
        List<String> list = new ArrayList<>();
        found.forEach(each -> list.add(each.stringValue()));
        return list;
    }

    /** Whether one has to move sideways to read it all. */
    boolean isTooWide() {
        return is(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1");
    }

    /** What the browser has complained of since it was asked last: errors, refusals, exceptions. */
    List<String> complaints() {
        List<String> list = List.copyOf(complaints);
        complaints.clear();
        return list;
    }

    /**
     * A figure of the browser's about this page, such as {@code JSEventListeners}, after it has
     * tidied up.
     */
    long figure(String name) {
        ask("HeapProfiler.collectGarbage", Map.of());
        ask("Performance.enable", Map.of());
        for (JsonNode each : ask("Performance.getMetrics", Map.of()).get("metrics")) {
            if (each.get("name").stringValue().equals(name)) {
                return each.get("value").longValue();
            }
        }
        throw new AssertionError("the browser knows no figure " + name);
    }

    /** Keeps a picture of it, for people. */
    void picture(@Nullable Path directory, String name) throws IOException {
        if (directory != null) {
            byte[] png =
                    Base64.getDecoder()
                            .decode(
                                    ask("Page.captureScreenshot", Map.of("format", "png"))
                                            .get("data")
                                            .stringValue());
            Files.write(directory.resolve(name + ".png"), png);
        }
    }
}
