package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
import io.weir.rule.Rehearsal;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleTrial;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What rules are told that call functions in a way in which they cannot be called. */
class FunctionErrorsTest {

    private static final JsEngine ENGINE = new JsEngine();
    private static final RuleTrial TRIAL = ENGINE.trial();
    private static final List<Signature> ALL = JsEngine.catalog().signatures();

    private static RuleConfig rule(String source) {
        return new RuleConfig("rule", Path.of("rule.js"), source);
    }

    /** What each of the calls has thrown, or that it has thrown nothing. */
    private static List<String> thrownBy(List<String> calls) throws Exception {
        StringBuilder source = new StringBuilder();
        for (String call : calls) {
            source.append("try { ").append(call).append("; log.info('nothing'); }");
            source.append(" catch (e) { log.info(e.message + ' | ' + e); }\n");
        }
        JsonNode told = new JsonMapper().readTree(TRIAL.run(rule(source.toString()), "{}"));
        assertThat(told.path("error").asString("")).isEmpty();
        List<String> thrown = new ArrayList<>();
        told.path("log").forEach(line -> thrown.add(line.asString()));
        assertThat(thrown.size())
                .as(() -> "all are run behind " + calls.get(Math.max(0, thrown.size() - 1)))
                .isEqualTo(calls.size());
        return thrown;
    }

    private static String call(Signature function, int count, String argument) {
        String first = function.parameters().isEmpty() ? "" : function.parameters().getFirst();
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean array = first.equals("array") && i == 0;
            arguments.add(array ? "[1]" : first.equals("hash") && i == 0 ? "{}" : argument);
        }
        return function.name() + "(" + String.join(", ", arguments) + ")";
    }

    /** Rules that name a function that streams are run in another way. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyFunctionSaysHowManyArgumentsItTakes(boolean streaming) throws Exception {
        List<String> calls = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (Signature each : ALL) {
            int least = each.counts().getFirst();
            int most = each.counts().getLast();
            if (each.name().startsWith("http.stream.") != streaming) {
                continue;
            }
            for (int count : new int[] {least - 1, most + 1}) {
                if (count >= 0 && !(each.many() && count > least)) {
                    String first = least > 0 ? each.parameters().getFirst() : "";
                    boolean kind = count == 0 && Set.of("array", "hash").contains(first);
                    calls.add(call(each, count, "1"));
                    expected.add(
                            kind
                                    ? each + ": " + first + " is undefined, expected an "
                                    : each + " takes " + each.takes() + ", and was given " + count);
                }
            }
        }
        List<String> thrown = thrownBy(calls);
        for (int i = 0; i < thrown.size(); i++) {
            assertThat(thrown.get(i)).as(calls.get(i)).startsWith(expected.get(i));
        }
    }

    @Test
    void noErrorNamesWhatIsNoneOfTheAuthorsBusiness() throws Exception {
        List<String> calls = new ArrayList<>();
        for (Signature each : ALL) {
            Catalog.Described inJava = JsEngine.catalog().functions().get(each.name());
            boolean over =
                    inJava != null && (inJava.ends() || inJava.suspends())
                            || Set.of("connection.close", "http.changeSite", "pool.select")
                                    .contains(each.name())
                            || each.name().startsWith("log.")
                            || each.name().equals("lang.warn");
            for (String argument :
                    new String[] {"undefined", "Symbol('s')", "() => 1", "-1", "'('"}) {
                int least = each.counts().getFirst();
                if (!over && least > 0) {
                    calls.add(call(each, least, argument));
                }
            }
        }
        List<String> thrown = thrownBy(calls);
        for (int i = 0; i < thrown.size(); i++) {
            assertThat(thrown.get(i))
                    .as(calls.get(i))
                    .doesNotContain("io.weir", "java", "Java", "graal", "Exception", "prelude");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.getHeader(); | column 3: TypeError: http.getHeader(name) takes 1 argument,"
                        + " and was given 0",
                "pool.use('a', 'b'); | column 3: TypeError: pool.use(name, [host], [port]) takes 1"
                        + " or 3 arguments, and was given 2",
                "request.setDSCP(99); | column 3: request.setDSCP: 99 is no code point, expected 0"
                        + " to 63",
                "let a = array.push('x', 1); | column 11: TypeError: array.push(array, value):"
                        + " array is \"x\", expected an array",
                "connection.sleep(1); request.setDSCP(99); | column 24: request.setDSCP: 99 is no"
                        + " code point, expected 0 to 63",
                "connection.sleep(); | column 3: TypeError: connection.sleep(milliseconds) takes 1"
                        + " argument, and was given 0",
                "http.stream.startResponse(); | column 3: TypeError:"
                    + " http.stream.startResponse(status, contentType, [length], [fields]) takes 2,"
                    + " 3 or 4 arguments, and was given 0",
            })
    void anErrorThatEndsARuleSaysWhereAndInWhichFunction(String call, String expected)
            throws Exception {
        try (Rehearsal rehearsal = TRIAL.rehearse(rule("if (true) {\n  " + call + "\n}"), "{}")) {
            RuleOutcome outcome = rehearsal.run();
            assertThat(outcome).isEqualTo(new RuleOutcome.Failed("line 2, " + expected));
        }
    }
}
