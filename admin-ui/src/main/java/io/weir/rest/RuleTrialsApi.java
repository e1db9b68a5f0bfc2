package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.config.RuleConfig;
import io.weir.control.store.Json;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleProblem;
import io.weir.rule.RuleTrial;
import io.weir.rule.RulesRefusedException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Rules tried on exchanges that are only described: no traffic is touched. Safe for every thread.
 */
final class RuleTrialsApi {

    /** A trial may take as long as a rule may run; more at once would take time from traffic. */
    private static final int AT_ONCE = 2;

    private static final String BODY =
            """
            {"type":"object","required":["source"],"properties":{
            "name":{"type":"string","description":"what messages call the rule"},
            "source":{"type":"string","description":"its text"},
            "exchange":{"type":"object","description":"what it is tried on; docs/rules.md tells its\
             members; without it a GET of /"}}}
            """;

    private final Semaphore turns = new Semaphore(AT_ONCE);
    private @Nullable RuleTrial trial;

    List<Operation> operations() {
        return List.of(
                new Operation(
                        "tryRule",
                        "POST",
                        "/v1/rule-trials",
                        "rules",
                        Permission.OPERATE,
                        "Runs the text of a rule once on an exchange that is only described",
                        List.of(),
                        BODY,
                        200,
                        this::run));
    }

    private AdminResponse run(Request request) throws BadRequestException {
        Fields fields = Fields.of(request.object(), Set.of("name", "source", "exchange"));
        String name = Objects.requireNonNullElse(fields.text("name"), "trial");
        JsonNode exchange = fields.value("exchange");
        RuleConfig rule = new RuleConfig(name, Path.of("/", "trial.js"), fields.needed("source"));
        if (!turns.tryAcquire()) {
            return Answers.problem(503, AT_ONCE + " rules are being tried; try again");
        }
        try {
            return AdminResponse.json(
                    200, trial().run(rule, exchange == null ? "{}" : exchange.toString()) + "\n");
        } catch (RulesRefusedException e) {
            return Answers.document(
                    422,
                    Json.object(
                            "type", "about:blank",
                            "status", 422,
                            "code", "bad-rule",
                            "detail", "the rule is no sound program",
                            "problems",
                                    e.problems().stream().map(RuleTrialsApi::problem).toList()));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(String.valueOf(e.getMessage()));
        } finally {
            turns.release();
        }
    }

    private static Object problem(RuleProblem problem) {
        return Json.object(
                "line", problem.line(),
                "column", problem.column(),
                "message", problem.text(),
                "text", problem.toString());
    }

    /** Made at the first trial, because an engine takes memory. */
    private synchronized RuleTrial trial() throws BadRequestException {
        RuleTrial made = trial;
        if (made == null) {
            RuleEngine engine = RuleEngine.find();
            if (engine == null) {
                throw new BadRequestException(503, "the rules engine is not installed");
            }
            made = engine.trial();
            trial = made;
        }
        return made;
    }
}
