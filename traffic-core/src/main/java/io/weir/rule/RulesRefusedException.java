package io.weir.rule;

import java.util.List;
import java.util.stream.Collectors;

/** Rules that are no sound programs; says all that is wrong with them. */
public final class RulesRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<RuleProblem> problems;

    public RulesRefusedException(List<RuleProblem> problems) {
        super(problems.stream().map(RuleProblem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong. */
    public List<RuleProblem> problems() {
        return problems;
    }
}
