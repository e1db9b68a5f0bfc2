package io.weir.exchange;

import io.weir.exchange.ServerRules.Attached;
import io.weir.rule.RuleState;

import java.util.List;

/** Runs the rules of one list, which may answer, rewrite, choose a pool, or have to wait. */
final class RunRules implements Step {

    private final List<Attached> rules;
    private final RuleState state;

    RunRules(List<Attached> rules, RuleState state) {
        this.rules = rules;
        this.state = state;
    }

    @Override
    public Next run(Exchange x) {
        RuleRun run = x.rules();
        if (state == RuleState.REQUEST) {
            run.beforeRequest();
        }
        return run.run(rules, state);
    }
}
