package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
import io.weir.rule.RuleTrial;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;

/** Properties that rules give their own objects, whatever those inherit from what is frozen. */
class AssignedPropertiesTest {

    private static final RuleTrial TRIAL = new JsEngine().trial();

    private static JsonNode run(String source) throws Exception {
        String exchange =
                """
                {"headers": {"constructor": "a", "valueOf": "b", "hasOwnProperty": "c"}}
                """;
        return new JsonMapper()
                .readTree(TRIAL.run(new RuleConfig("rule", Path.of("rule.js"), source), exchange));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "const o = {}; o.constructor = 1; log.info(JSON.stringify(o)); |"
                        + " {\"constructor\":1}",
                "const o = {}; for (const [name] of request.headers) o[name] = 1;"
                        + " log.info(Object.keys(o).sort().join()); |"
                        + " Host,constructor,hasOwnProperty,valueOf",
                "const o = {}; o.toString = 1; o.toString = 2; o.toString++; log.info(o.toString);"
                        + " | 3",
                "log.info(JSON.stringify(Object.assign({}, {valueOf: 1}))); | {\"valueOf\":1}",
                "log.info(JSON.stringify(lang.toHash('constructor', 1))); | {\"constructor\":1}",
                "class MyError extends Error { constructor(m) { super(m); this.name = 'MyError'; }"
                    + " } try { throw new MyError('no'); } catch (e) { log.info(e + (e instanceof"
                    + " MyError)); } | MyError: notrue",
                "const e = new TypeError(); e.message = 'b'; e.name = 'A'; e.constructor = 'c';"
                        + " log.info(e + e.constructor); | A: bc",
                "function F() {} F.prototype = Object.create(Error.prototype); F.prototype.name ="
                        + " 'F'; F.prototype.message = 'm'; F.prototype.constructor = F;"
                        + " log.info(new F() + ''); | F: m",
                "const f = () => 1; f.toString = () => 'f'; log.info(`${f}`); | f",
                "const a = [1]; a.toString = () => 'a'; log.info(`${a}`); | a",
                "const d = new Date(); d.toJSON = () => 'd'; log.info(JSON.stringify(d)); | \"d\"",
                "class A { change() { super.toString = 5; } } const a = new A(); a.change();"
                        + " log.info(a.toString); | 5",
                "const o = {}; const keys = []; for (const key in o) keys.push(key);"
                        + " log.info([keys.length, `${o}`, o.constructor === Object,"
                        + " o.hasOwnProperty('a')].join()); | 0,[object Object],true,false",
                "const a = Object.setPrototypeOf([1], Object.prototype);"
                        + " log.info(json.serialize(a)); | [1]",
            })
    void areTheirOwn(String source, String logged) throws Exception {
        JsonNode told = run(source);
        assertThat(told.path("error").asString("")).isEmpty();
        assertThat(told.path("log").path(0).asString("")).isEqualTo(logged);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Object.prototype.toString = 1",
                "Error.prototype.name = 'A'",
                "Map.prototype.toString = 1",
                "Array.prototype.push = 1",
                "http.constructor = 1",
                "Object.freeze({}).constructor = 1",
                "const o = {}; Object.defineProperty(o, 'valueOf', {value: 1}); o.valueOf = 2",
                "'text'.constructor = 1",
            })
    void areRefusedWhereTheyWouldNotBeTheRulesOwn(String assignment) throws Exception {
        assertThat(run(assignment + ";").path("error").asString(""))
                .startsWith("line 1, column ")
                .contains("TypeError: Cannot ");
    }

    /** Rules that wait, or use await, are left by a promise. */
    @ParameterizedTest
    @ValueSource(strings = {"", "connection.sleep(1);", "await 0;", "await connection.sleep(1);"})
    void anErrorWithoutANameOfItsOwnIsToldWithItsText(String before) throws Exception {
        assertThat(run(before + "\nthrow new Error('no good');").path("error").asString(""))
                .isEqualTo("line 2, column 7: no good");
    }
}
