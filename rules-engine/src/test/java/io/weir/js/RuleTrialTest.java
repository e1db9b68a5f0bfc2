package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.RuleConfig;
import io.weir.rule.Rehearsal;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleTrial;
import io.weir.rule.RulesRefusedException;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/** Rules tried on exchanges that are only described. */
class RuleTrialTest {

    private static final RuleTrial TRIAL = new JsEngine().trial();

    private static RuleConfig rule(String source) {
        return new RuleConfig("route", Path.of("/rules/route.js"), source);
    }

    private static String run(String source, String exchange) throws RulesRefusedException {
        return TRIAL.run(rule(source), exchange);
    }

    private static List<RuleTrial.Result> test(String source, String tests)
            throws RulesRefusedException {
        return TRIAL.test(
                rule(source),
                new RuleConfig("route.test.js", Path.of("/rules/route.test.js"), tests));
    }

    @Test
    void itTellsDecisionMessagesLogAndEveryCall() throws Exception {
        String told =
                run(
                        """
                        log.info('asked for ' + http.getPath());
                        http.setHeader('X-User', string.uppercase(http.getCookie('user')));
                        pool.use('gold');
                        """,
                        "{\"url\": \"/a?b=c\", \"headers\": {\"Cookie\": \"user=alice\"}}");
        assertThat(told)
                .contains("\"decision\":\"stop\"")
                .contains("\"pool\":\"gold\"")
                .contains("\"X-User\":\"ALICE\"")
                .contains("\"log\":[\"asked for /a\"]")
                .contains("http.getPath() = \\\"/a\\\"")
                .contains("string.uppercase(\\\"alice\\\") = \\\"ALICE\\\"")
                .contains("pool.use(\\\"gold\\\")");
    }

    @Test
    void waitsTakeNoTimeAndServersAnswerAsDescribed() throws Exception {
        String told =
                run(
                        """
                        connection.sleep(60000);
                        const desk = http.request.get('http://directory/alice');
                        http.setHeader('X-Desk', desk + ' ' + $1);
                        http.request.get('http://nobody/');
                        http.setHeader('X-Second', $1);
                        """,
                        "{\"calls\": {\"http://directory/alice\": \"desk-7\"}}");
        assertThat(told)
                .contains("\"X-Desk\":\"desk-7 200\"")
                .contains("\"X-Second\":\"0\"")
                .contains("\"slept\":60000")
                .contains("\"calls\":[\"GET http://directory/alice\",\"GET http://nobody/\"]");
    }

    @Test
    void bytesAndPoolsAreDescribedToo() throws Exception {
        String told =
                run(
                        """
                        connection.setPersistence('desk');
                        connection.setPersistenceKey(request.getLine());
                        request.set(pool.listactivenodes('desks').join() + '|'
                            + pool.listfailednodes('desks').join());
                        """,
                        "{\"bytes\": \"ab\\n"
                                + "cd\", \"pools\": {\"default\": [\"10.0.0.1:1\"], \"desks\":"
                                + " {\"nodes\": [\"10.0.0.1:1\", \"10.0.0.2:1\"], \"failed\":"
                                + " [\"10.0.0.2:1\"]}}}");
        assertThat(told)
                .contains("\"bytes\":\"10.0.0.1:1|10.0.0.2:1\"")
                .contains("{\"class\":\"desk\",\"key\":\"ab\\n\"}");
    }

    @Test
    void namesHaveTheAddressesThatAreDescribedAndNobodyIsAsked() throws Exception {
        String source =
                """
                http.setHeader('X-Found', [net.dns.resolveHost('www.example.com'),
                    net.dns.resolveHost6('www.example.com'), net.dns.resolveHost('localhost'),
                    net.dns.resolveIP('192.0.2.7'), net.dns.resolveIP('127.0.0.1'),
                    tcp.connect('localhost', 80)].join('|'));
                """;
        assertThat(run(source, "{}")).contains("\"X-Found\":\"|||||0\"");
        assertThat(
                        run(
                                source,
                                "{\"names\": {\"www.example.com\": [\"192.0.2.7\","
                                        + " \"2001:db8::7\"]}}"))
                .contains("\"X-Found\":\"192.0.2.7|2001:db8:0:0:0:0:0:7||www.example.com||0\"");
    }

    @Test
    void whatIsCountedAndStoredInATrialIsGoneBehindIt() throws Exception {
        String source =
                """
                for (let i = 0; i < 600; i++) counter.increment(http.getPath() + i);
                http.setHeader('X-Before', '[' + data.get('a') + ']');
                data.set('a', 'b');
                """;
        for (String path : List.of("/one", "/two")) {
            assertThat(run(source, "{\"url\": \"" + path + "\"}"))
                    .contains("\"decision\":\"continue\"")
                    .contains("\"X-Before\":\"[]\"");
        }
    }

    @Test
    void aRuleRunsOnOneExchangeAsOftenAsItIsAskedTo() throws Exception {
        try (Rehearsal rehearsal =
                TRIAL.rehearse(
                        rule("connection.sleep(1000); pool.use(http.getHeader('X-Pool'));"),
                        "{\"headers\": {\"X-Pool\": \"gold\"}}")) {
            for (int i = 0; i < 3; i++) {
                assertThat(rehearsal.run()).isEqualTo(RuleOutcome.STOP);
            }
        }
    }

    @Test
    void aRuleThatFailsSaysWhere() throws Exception {
        assertThat(run("let a;\nnothing();", "{}"))
                .contains("\"decision\":\"failed\"")
                .contains("line 2, column 1");
    }

    @Test
    void whatDescribesNoExchangeIsRefused() {
        assertThatThrownBy(() -> run("", "{\"uri\": 1}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown: uri");
        assertThatThrownBy(() -> run("", "[")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> run("let =", "{}")).isInstanceOf(RulesRefusedException.class);
    }

    @Test
    void testsRunTheRuleAndSayWhatWasWrong() throws Exception {
        List<RuleTrial.Result> results =
                test(
                        "if (http.getHeader('X-Gold')) pool.use('gold');",
                        """
                        test('gold goes to gold', () => {
                            expect(run({headers: {'X-Gold': 'yes'}}).pool).is('gold');
                        });
                        test('is wrong', () => {
                            expect(run().pool).is('gold');
                        });
                        """);
        assertThat(results).hasSize(2);
        assertThat(results.get(0).failure()).isNull();
        assertThat(results.get(1).failure())
                .contains("line 5")
                .contains("expected \"gold\", found \"default\"");
    }
}
