package io.weir.control;

import io.weir.config.RuleConfig;
import io.weir.config.load.Problem;
import io.weir.config.load.ProblemCode;
import io.weir.rule.RuleProblem;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is wrong with the programs of rules, said as everything else that is wrong is. */
public final class RulePrograms {

    private RulePrograms() {}

    /**
     * The same problems with the files and keys in which they are.
     *
     * @param found all of them about one of {@code rules}
     * @param rules by name
     */
    public static List<Problem> problems(List<RuleProblem> found, Map<String, RuleConfig> rules) {
        List<Problem> problems = new ArrayList<>();
        for (RuleProblem problem : found) {
            RuleConfig rule = rules.get(problem.rule());
            if (rule == null) {
                throw new IllegalArgumentException("nobody asked about " + problem);
            }
            problems.add(
                    new Problem(
                            rule.file(),
                            problem.line(),
                            problem.column(),
                            "rules." + rule.name(),
                            ProblemCode.RULE_SYNTAX,
                            Problem.Severity.ERROR,
                            "rule " + rule.name() + ": " + problem.text(),
                            null));
        }
        return problems;
    }
}
