package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.rule.RuleProblem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What somebody is told who writes TrafficScript where JavaScript is to stand. */
class MistakesTest {

    private static final Catalog CATALOG = JsEngine.catalog();
    private static final Map<String, String> SPELLINGS = CATALOG.spellings();

    private static List<RuleProblem> mistakes(String source) {
        SourceText text = new SourceText(source, CATALOG.waiting(), SPELLINGS);
        return Mistakes.in("rule", text, SPELLINGS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$x = 1; if( $x == 2 ) { pool.use( \"a\" ); } | 1:1 $x is not declared: write let"
                        + " $x = … where it begins",
                "let $a = 1; log.info( $b ); | 1:23 $b is not declared: write let $b = … where it"
                        + " begins",
                "if (true) {\\n  user = http.getPath();\\n} | 2:3 user is not declared: write let"
                        + " user = … where it begins",
                "let $y = 1; log.info( \"a\" . $y ); | 1:27 a dot joins no texts: write + instead",
                "let $y = 1; log.info( \"a\".$y ); | 1:26 a dot joins no texts: write + instead",
                "let $y = 1; let $z = $y.$y; | 1:24 a dot joins no texts: write + instead",
                "log.info(http.getPath() . '?'); | 1:25 a dot joins no texts: write + instead",
                "log.info(\"a\".http.getPath()); | 1:13 a dot joins no texts: write + instead",
                "let a = 1; log.info(a . a); | 1:23 a dot joins no texts: write + instead",
                "sub f( $a ) { return $a; } | 1:1 write function f(…) and not sub f",
                "foreach( $x in http.listHeaderNames() ) { log.info( $x ); } | 1:1 write for (const"
                        + " x of list) and not foreach (x in list)",
                "if (1) {} elsif (2) {} | 1:11 write else if and not elsif",
                "import lib as l; | 1:1 rules have no libraries: write the functions into the rule",
                "let $h = [ \"k\" => 'v' ]; | 1:16 a hash is an object: write {key: value} and not"
                        + " [key => value]",
                "let a; # don't\\nlet b; | 1:8 a comment begins with //, and not with #",
                "let a = 1;\\n#so | 2:1 a comment begins with //, and not with #",
                "http.getHeadr('a'); | 1:1 http.getHeadr is no function of rules: did you mean"
                        + " http.getHeader?",
                "let a = string.lenght('a'); | 1:9 string.lenght is no function of rules: did you"
                        + " mean string.length?",
                "let a = string.regexsubs('a'); | 1:9 string.regexsubs is no function of rules: did"
                        + " you mean string.regexsub?",
                "let $a = ''; $a .= 'b'; | 1:17 a dot joins no texts: write += and not .=",
                "switch( http.getPath(), string.startsWith ) {} | 1:1 switch compares with === and"
                        + " nothing else: write if … else if",
                "switch (1) { case 'a', 'b': ; } | 1:14 write case a: case b: and not case a, b:",
                "string.regexmatch('1', '^\\d+$'); | 1:24 a text loses the backslash in front"
                        + " of d: write two of them",
                "log.info(http.getRemoteIP()); | 1:10 http.getRemoteIP is no function of rules: did"
                        + " you mean request.getRemoteIP?",
                "http.get('http://a/'); | 1:1 http.get is no function of rules: did you mean"
                        + " http.request.get?",
                "pool.qqqqqq(1); | 1:1 pool.qqqqqq is no function of rules",
            })
    void eachMistakeIsToldWithWhatToWriteInstead(String source, String expected) {
        String found =
                mistakes(source.replace("\\n", "\n")).stream()
                        .map(p -> p.line() + ":" + p.column() + " " + p.text())
                        .collect(Collectors.joining("; "));
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "const {a: $a, $b = 1} = {}; let [$c, ...$d] = []; log.info($a + $b + $c + $d);",
                "for (const $x of [1]) log.info($x); for (let $i = 0, $n = 2; $i < $n; $i++) {}",
                "const f = $x => $x; const g = ($y, {$z}) => $y + $z; function h($v) { return $v;"
                        + " }",
                "try { null.x; } catch ($e) { log.info($e.message); }",
                "const data = {push: (x) => x}; data.push(1); const g = (event) => event.stop();",
                "class A { #p = 1; x = 2; get() { return this.#p; } }",
                "log.info($1 + `${$2}.` + 'a'.length + 'a'\n    .repeat(3) + [...'ab'].length);",
                "log.info(/a.b/.test('x') ? .5 : 1.5, 1..toString(), ('a')?.length);",
                "if (typeof $x === 'undefined' && http.hasOwnProperty('a')) HTTP.GETHEADER('a');",
                "const o = {string: 1, f($a) { return $a; }}; o.string = 2;",
                "http.getHeader.call(null, 'a'); http.newer?.('a'); let a, b; a = b = 1;",
                "const sub = 1, foreach = (x) => x; foreach(sub); // don't $x . $y",
                "string.regexmatch('a\\\\.b\\n"
                        + "\\'', \"\\u0041\\x41\\\\d\" + String.raw`\\d` + /\\d/.source);",
                "switch (f(1, 2)) { case g(1, 2): case [1, 2].length: ; } function f() {} function"
                        + " g() {}",
                "Math.sign(1); JSON.parse('1'); Array.from('a'); String.raw`a`;",
            })
    void whatMayBeMeantIsLeftAlone(String source) {
        assertThat(mistakes(source)).isEmpty();
    }

    @Test
    void allMistakesAreToldInTheOrderOfTheText() {
        assertThat(mistakes("# x\nsub f() {}\n$a = \"b\" . http.getHeadr('c');"))
                .extracting(RuleProblem::line)
                .containsExactly(1, 2, 3, 3);
    }
}
