package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
import io.weir.event.EventTag;
import io.weir.rule.RuleProblem;
import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Rules that run wild, or would like to get out. */
class HostileRulesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final JsEngine ENGINE = new JsEngine();

    /** Processor time after which a rule that runs away has ended. */
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir Path directory;

    private FakeNode node;
    private RuledWeir ruled;

    @BeforeEach
    void node() {
        node = WEIR.node("n");
        ruled = new RuledWeir(directory, node);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for (;;) {}",
                "while (true) { try { while (true) {} } catch (e) {} finally { continue; } }",
                "(function f() { f(); })();",
                "let s = 'x'; while (true) s += s;",
                "const a = []; while (true) a.push(a.length);",
                "const a = []; while (true) a.push(new Array(1000).fill('x'));",
                "/(a*)*\\1b/.exec('a'.repeat(40));",
                "new ArrayBuffer(2000000000);",
                "new Array(1e8).fill(1).sort();",
                "[...Array(1e7).keys()].sort(() => 0.5);",
                "'x'.repeat(500000000);",
                "JSON.stringify(new Array(3e7).fill(1));",
                "const p = () => Promise.resolve().then(p); p(); await new Promise(() => {});",
                "await new Promise(() => {});",
                "const o = {}; o.o = o; data.set('x', o); while (true) data.set('y' +"
                        + " Math.random(), o);",
                "throw new Error('plain');",
                "const g = (function* () { while (true) yield 1; })(); for (const x of g) {}",
                "new Proxy({}, {get(t, k, r) { return r[k]; }}).x;",
                "(function f() { try { f(); } finally { f(); } })();",
                "(function f() { try { f(); } catch (e) { f(); } })();",
                "(function f() { try { f(); } catch (e) { f(); } finally { f(); } })();",
                "const f = () => { try { [1].forEach(f); } catch { [1].map(f); } }; f();",
                "const f = (n) => { try { f(n + 1); } catch (e) { while (true) f(0); } }; f(0);",
                "const f = async () => { try { await f(); } finally { await f(); } }; await f();",
                "const o = {get a() { try { return this.a; } finally { this.a; } }}; o.a;",
                "const o = {toString() { try { return '' + o; } finally { '' + o; } }}; '' + o;",
                "class C { constructor() { try { new C(); } finally { new C(); } } } new C();",
                "function* g() { try { yield* g(); } finally { yield* g(); } } [...g()];",
                "while (true) http.getHeader('a');",
                "string.regexsub('a'.repeat(1000000), 'a', 'b'.repeat(1000000), 'g');",
                "string.replaceAll('a'.repeat(1000000), 'a', 'b'.repeat(1000000));",
                "'a'.repeat(1000000).replace(/a/g, 'b'.repeat(1000000));",
                "string.regexmatch('a'.repeat(8000000), '(a|aa){1,300}(b|c){1,300}d');",
                "try { string.append('a'.repeat(3e7), 'b'.repeat(3e7)); } catch (e) {}",
                "while (true) { try { connection.getNode(); } catch (e) {} }",
            })
    void runawayIsEndedSoonWithAnEventAndWeirGoesOn(String source) {
        endsSoon(source);
    }

    @Test
    void fewCallsThatFillTheStackAreEndedSoon() {
        String call = "[".repeat(150) + "f()" + "]".repeat(150);
        endsSoon(
                "const f = () => { try { "
                        + call
                        + " } catch (e) { "
                        + call
                        + " } finally { "
                        + call
                        + " } }; f();");
    }

    @Test
    void aStackThatIsFullAtAnyPlaceHarmsNoLaterRun() {
        String call = "[".repeat(150) + "f()" + "]".repeat(150);
        ruled.global("rules: {time-limit: 20s}")
                .request(
                        "const f = () => { try { "
                                + call
                                + " } finally { "
                                + call
                                + " } }; const from = (n) => { if (n > 0) from(n - 1); else f(); };"
                                + " if (http.getPath() === '/bad')"
                                + " from(Number(http.getQueryString()));")
                .start(WEIR);
        for (int calls = 0; calls < 100; calls++) {
            assertThat(ruled.get("/bad?" + calls).status()).as("%s calls", calls).isEqualTo(500);
            assertThat(ruled.get("/good").status()).as("behind %s calls", calls).isEqualTo(200);
        }
    }

    /**
     * The bound is one of processor time, as the budget of a rule is: how soon a thread gets its
     * turn is the machine's business. A look that comes late, once, is none of the rule's doing.
     */
    private void endsSoon(String source) {
        RunningWeir weir =
                ruled.global("rules: {time-limit: 40ms}")
                        .request("if (http.getPath() === '/bad') { " + source + " }")
                        .start(WEIR);
        assertThat(ruled.get("/good").status()).isEqualTo(200);
        Duration took = timeOfLoops();
        assertThat(ruled.get("/bad").status()).isEqualTo(500);
        took = timeOfLoops().minus(took);
        assertThat(weir.events()).anyMatch(e -> e.tag() == EventTag.RULEABORT);
        Await.until("rules run again", () -> ruled.get("/good").status() == 200);
        for (int i = 0; i < 2 && took.compareTo(SOON) >= 0; i++) {
            Duration before = timeOfLoops();
            assertThat(ruled.get("/bad").status()).isEqualTo(500);
            took = timeOfLoops().minus(before);
            Await.until("rules run again", () -> ruled.get("/good").status() == 200);
        }
        assertThat(took).isLessThan(SOON);
    }

    /** Processor time of all event loops that there are. */
    private static Duration timeOfLoops() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("weir-loop-")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return Duration.ofNanos(nanos);
    }

    /** None of these gets somewhere that rules must not get. */
    private static final List<String> WAYS_OUT =
            List.of(
                    "typeof Java",
                    "typeof Polyglot",
                    "typeof Packages",
                    "typeof java",
                    "typeof load",
                    "typeof print",
                    "typeof console",
                    "typeof Graal",
                    "typeof WebAssembly",
                    "typeof SharedArrayBuffer",
                    "typeof process",
                    "typeof require",
                    "typeof eval",
                    "typeof http.getClass",
                    "typeof http.getHeader.getClass",
                    "typeof http.getHeader.constructor('return 1')()",
                    "typeof (function () {}).constructor('return 1')()",
                    "typeof (async function () {}).constructor('return 1')()",
                    "typeof (function* () {}).constructor('return 1')()",
                    "typeof new Function('return 1')()",
                    "typeof setTimeout",
                    "typeof http.run",
                    "typeof connection.run",
                    "typeof http.wait",
                    "typeof http.notify",
                    "typeof http.request.calls",
                    "typeof http.__proto__.getClass",
                    "typeof Object.getPrototypeOf(http.getHeader).constructor('return 1')()",
                    "typeof RegExp.$1",
                    "typeof globalThis.H",
                    "typeof globalThis.families",
                    "typeof await import('fs')",
                    "typeof http.class",
                    "typeof http.getHeader.call(null, 'x').constructor.constructor('return 1')()",
                    "typeof data.store",
                    "typeof http.request.getClass",
                    "typeof globalThis.constructor.constructor('return this')()",
                    "typeof [].constructor.constructor('return 1')()",
                    "typeof Reflect.construct(Function, ['return 1'])()",
                    "typeof ''.sub.constructor('return 1')()",
                    "typeof new (Object.getPrototypeOf(async function () {}).constructor)('return"
                            + " 1')()",
                    "typeof tcp.open",
                    "typeof rate.run",
                    "typeof (() => { try { null.x } catch (e) { return"
                            + " e.stack.constructor.constructor('return 1')() } })()");

    @Test
    void thereIsNoWayOut() {
        String[] rules = new String[WAYS_OUT.size()];
        for (int i = 0; i < rules.length; i++) {
            rules[i] =
                    """
                    if (http.getPath() === '/%d') {
                        let out;
                        try { out = %s; } catch (e) { out = 'undefined'; }
                        if (out !== 'undefined') http.sendResponse(299, 'text/plain', 'out: ' + out);
                        http.setHeader('X-Tried', '%1$d');
                    }
                    """
                            .formatted(i, WAYS_OUT.get(i));
        }
        ruled.request(rules).start(WEIR);
        for (int i = 0; i < rules.length; i++) {
            node.forget();
            ReceivedResponse answer = ruled.get("/" + i);
            assertThat(answer.text()).as(WAYS_OUT.get(i)).doesNotContain("out:");
            if (answer.status() != 500) {
                assertThat(node.received().getFirst().fields().values("X-Tried"))
                        .as(WAYS_OUT.get(i))
                        .containsExactly(String.valueOf(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "globalThis.leak = 'seen'",
                "Object.prototype.leak = 'seen'",
                "Array.prototype.leak = 'seen'",
                "http.leak = 'seen'",
                "http.request.leak = 'seen'",
                "http.getHeader.leak = 'seen'",
                "string.leak = 'seen'",
                "Math.leak = 'seen'",
                "JSON.parse = () => 'seen'",
                "(function* () {}).constructor.prototype.leak = 'seen'",
                "(async () => {}).constructor.prototype.leak = 'seen'",
                "[][Symbol.iterator]().__proto__.leak = 'seen'",
                "Promise.prototype.then.leak = 'seen'",
                "this.leak = 'seen'",
                "[].values().map((x) => x).__proto__.leak = 'seen'",
                "Iterator.from({next() {}}).__proto__.leak = 'seen'",
                "new Intl.Segmenter().segment('').__proto__.leak = 'seen'",
                "new Intl.Segmenter().segment('')[Symbol.iterator]().__proto__.leak = 'seen'",
                "Object.prototype.toString = () => 'seen'",
                "Object.getOwnPropertyDescriptor(Object.prototype, 'toString').get.leak = 'seen'",
                "Error.prototype.name = 'seen'",
            })
    void nothingPassesFromOneRunToTheNext(String assignment) {
        ruled.request("try { " + assignment + "; } catch (e) {}")
                .response(
                        """
                        const found = [globalThis.leak, {}.leak, [].leak, http.leak, http.request.leak,
                            http.getHeader.leak, string.leak, Math.leak, JSON.parse('1'),
                            (function* () {}).leak, (async () => {}).leak, [][Symbol.iterator]().leak,
                            Promise.prototype.then.leak, [].values().map((x) => x).leak,
                            Iterator.from({next() {}}).leak, new Intl.Segmenter().segment('').leak,
                            new Intl.Segmenter().segment('')[Symbol.iterator]().leak,
                            Object.getOwnPropertyDescriptor(Object.prototype, 'toString').get?.leak,
                            String({}).replace('[object Object]', ''),
                            new Error().name.replace('Error', '')];
                        http.setResponseHeader('X-Found', found.join(''));
                        """)
                .start(WEIR);
        assertThat(ruled.get("/").field("X-Found")).isEqualTo("1");
    }

    /**
     * What the language has that no name leads to: each makes one, and its prototypes are looked
     * at.
     */
    private static final List<String> MADE =
            List.of(
                    "1",
                    "''",
                    "Symbol()",
                    "({})",
                    "[]",
                    "/a/",
                    "class {}",
                    "() => 1",
                    "function* () {}",
                    "async function () {}",
                    "async function* () {}",
                    "(function () { return arguments; })()",
                    "(function* () {}).prototype",
                    "(async function* () {}).prototype",
                    "[][Symbol.iterator]()",
                    "''[Symbol.iterator]()",
                    "new Map()[Symbol.iterator]()",
                    "new Set()[Symbol.iterator]()",
                    "'a'.matchAll(/a/g)",
                    "[].values().map((x) => x)",
                    "Iterator.from({next() {}})",
                    "new Intl.Segmenter().segment('a')",
                    "new Intl.Segmenter().segment('a')[Symbol.iterator]()",
                    "new Intl.NumberFormat()",
                    "new Intl.NumberFormat().format",
                    "new Intl.Collator().compare",
                    "new Intl.Locale('en')",
                    "new Uint8Array(1)",
                    "Promise.resolve()",
                    "((text) => text)`a`",
                    "new AggregateError([])",
                    "(() => { try { null.x } catch (e) { return e; } })()",
                    "(() => { try { request.setDSCP(99) } catch (e) { return e; } })()",
                    "http.getHeaders()",
                    "request.headers.entries()");

    @Test
    void allThatRulesHaveInCommonIsFrozen() throws Exception {
        String rule =
                """
                const seen = new Set();
                const walk = (value, path) => {
                    if (value === null || typeof value !== 'object' && typeof value !== 'function'
                            || seen.has(value)) {
                        return;
                    }
                    seen.add(value);
                    if (!Object.isFrozen(value)) {
                        log.info(path);
                    }
                    walk(Reflect.getPrototypeOf(value), path + '.__proto__');
                    for (const key of Reflect.ownKeys(value)) {
                        const property = Reflect.getOwnPropertyDescriptor(value, key);
                        for (const each of ['value', 'get', 'set']) {
                            walk(property[each], path + '.' + String(key));
                        }
                    }
                };
                for (const [path, value] of %s) walk(Reflect.getPrototypeOf(Object(value)), path);
                walk(globalThis, 'globalThis');
                log.info(seen.size > 1000 ? 'all' : 'few');
                """
                        .formatted(
                                MADE.stream()
                                        .map(
                                                each ->
                                                        "[`"
                                                                + each.replace("`", "\\`")
                                                                + "`, "
                                                                + each
                                                                + "]")
                                        .collect(Collectors.joining(", ", "[", "]")));
        String told = ENGINE.trial().run(new RuleConfig("rule", Path.of("rule.js"), rule), "{}");
        assertThat(told).contains("\"log\":[\"all\"]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pool.use('web'",
                "let = ;",
                "}); globalThis.x = 1; (function () {",
                "}]; let shared = 1; [function () {",
                "1n;",
                "import x from 'y';",
            })
    void whatIsNoRuleIsRefusedWithItsPlace(String source) {
        RunningWeir weir = ruled.request("let a;").start(WEIR);
        ruled.write("request1", "// first line\n" + source);
        assertThat(weir.tryApply(ruled.yaml()).objects().toString())
                .contains("rules/request1")
                .contains("line");
        assertThat(ruled.get("/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for (;;) {} }(), function () {",
                "}, function () { let kept = []; return function () {"
                        + " kept.push(http.getQueryString()); http.sendResponse(200, 'text/plain',"
                        + " kept.join()); }; }() || function () {",
                "}, function () {",
                "}, async function () {",
                "}, () => {",
                "}, {",
                "}, class {",
                "} || {",
                "} ?? {",
                "} + {",
                "} in {",
                "} instanceof function () {",
                "} ? 0 : function () {",
                "} ? () => {} : function () {",
                "} : 0, () => {",
                "} : 0}), (function () { 0 ? () => {",
                "}.call(), function () {",
                "}[0], function () {",
                "}`${0}`, function () {",
                "}\n(function () {",
                "}; {",
                "}}; {{",
            })
    void aRuleThatLeavesItsFunctionIsRefusedWithItsPlace(String source) {
        for (String whole : List.of(source, "await 0; " + source, "http.getBody(); " + source)) {
            assertThat(problems(whole))
                    .as(whole)
                    .singleElement()
                    .satisfies(
                            problem -> {
                                assertThat(problem.line()).isBetween(1, 3);
                                assertThat(problem.column()).isBetween(1, whole.length() + 1);
                            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "let a = '} , {'; /* } */ // }",
                "if (/[}]}/.test(`}${{}}`)) { class A { static { } } } else { do { } while (0) }",
                "switch (1) { case 1: { let f = () => {}; } } label: for (;;) { break label; }",
                "return arguments.length + (new.target ? 1 : 0);",
                "const x = {f() { return 1; }, get g() { return 2; }}; { }",
            })
    void aRuleMayCloseWhatItHasOpened(String source) {
        assertThat(problems(source)).isEmpty();
        assertThat(problems("await 0; " + source)).isEmpty();
    }

    private static List<RuleProblem> problems(String source) {
        return ENGINE.check(new RuleConfig("rule", Path.of("rule.js"), source));
    }

    @Test
    void aRuleCannotFrameMessages() {
        ruled.request("http.setHeader('Content-Length', '5');").start(WEIR);
        assertThat(ruled.get("/").status()).isEqualTo(500);
        assertThat(node.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.setHeader('X-A', 'b\\r\\nX-B: c')",
                "http.setHeader('X-A: c\\r\\nX-B', 'b')",
                "http.setPath('/a HTTP/1.1\\r\\nX-B: c')",
                "http.setRawPath('/a HTTP/1.1\\r\\nX-B: c')",
                "http.setRawQueryString('a HTTP/1.1\\r\\nX-B: c')",
                "http.setMethod('GET / HTTP/1.1\\r\\nX-B: c')",
                "http.setCookie('a', 'b\\r\\nX-B: c')",
            })
    void aRuleCannotSmuggleLines(String call) {
        ruled.request("try { " + call + "; } catch (e) {}").start(WEIR);
        ruled.get("/");
        assertThat(node.violations()).isEmpty();
        node.received().forEach(r -> assertThat(r.fields().has("X-B")).isFalse());
    }

    @Test
    void aRuleCannotSplitItsAnswer() {
        ruled.request(
                        "http.sendResponse('200 OK\\r\\nX-B: c', 'text/plain\\r\\nX-B: c', 'x',"
                                + " 'X-A: b\\rX-B: c');")
                .start(WEIR);
        assertThat(ruled.get("/").field("X-B")).isEmpty();
    }
}
