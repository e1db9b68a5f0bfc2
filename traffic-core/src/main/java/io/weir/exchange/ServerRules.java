package io.weir.exchange;

import io.weir.config.RuleUse;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.RuleFailure;
import io.weir.rule.Rule;
import io.weir.rule.RuleSet;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The rules of a virtual server in their lists, without those that are switched off. Immutable. */
public final class ServerRules {

    /** No rules at all. */
    public static final ServerRules NONE =
            new ServerRules(List.of(), List.of(), List.of(), RuleFailure.ERROR, 0);

    /** A rule in a list. */
    record Attached(Rule rule, boolean firstOnly) {}

    private final List<Attached> request;
    private final List<Attached> response;
    private final List<Attached> completion;
    private final RuleFailure failure;
    private final int mostHeld;

    private ServerRules(
            List<Attached> request,
            List<Attached> response,
            List<Attached> completion,
            RuleFailure failure,
            int mostHeld) {
        this.request = request;
        this.response = response;
        this.completion = completion;
        this.failure = failure;
        this.mostHeld = mostHeld;
    }

    /**
     * The lists of {@code config}, whose rules are in {@code rules}.
     *
     * @param first rule that runs before the request rules; null for none
     * @param bodyLimit bytes that rules may hold of one direction
     */
    public static ServerRules of(
            VirtualServerConfig config, RuleSet rules, @Nullable String first, long bodyLimit) {
        List<RuleUse> request = new ArrayList<>();
        if (first != null) {
            request.add(new RuleUse(first, true, RuleUse.Run.EVERY));
        }
        request.addAll(config.requestRules());
        return new ServerRules(
                attached(request, rules),
                attached(config.responseRules(), rules),
                attached(config.completionRules(), rules),
                config.ruleFailure(),
                (int) Math.min(bodyLimit, Integer.MAX_VALUE / 2));
    }

    private static List<Attached> attached(List<RuleUse> uses, RuleSet rules) {
        List<Attached> attached = new ArrayList<>();
        for (RuleUse use : uses) {
            Rule rule = rules.rule(use.rule());
            if (rule == null) {
                throw new IllegalStateException("the rule " + use.rule() + " was checked");
            }
            if (use.enabled()) {
                attached.add(new Attached(rule, use.run() == RuleUse.Run.FIRST));
            }
        }
        return List.copyOf(attached);
    }

    List<Attached> request() {
        return request;
    }

    List<Attached> response() {
        return response;
    }

    List<Attached> completion() {
        return completion;
    }

    /** Whether there are no rules at all. */
    boolean isEmpty() {
        return request.isEmpty() && response.isEmpty() && completion.isEmpty();
    }

    /** Bytes that rules may hold of one direction. */
    int mostHeld() {
        return mostHeld;
    }

    RuleFailure failure() {
        return failure;
    }
}
