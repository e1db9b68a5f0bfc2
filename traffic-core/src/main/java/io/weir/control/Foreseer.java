package io.weir.control;

import io.weir.config.AddressBlocks;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.config.ProtectionConfig;
import io.weir.config.Protocol;
import io.weir.config.RuleConfig;
import io.weir.config.RuleUse;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.RuleFailure;
import io.weir.config.WeirConfig;
import io.weir.explain.Foresight;
import io.weir.explain.Foresight.End;
import io.weir.explain.Foresight.Step;
import io.weir.explain.KeptExchange.Candidate;
import io.weir.explain.RequestQuestion;
import io.weir.pool.BreakerStatus;
import io.weir.rule.RuleEngine;
import io.weir.rule.RulesRefusedException;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says what would become of a request: which virtual server, what its protection class and rules
 * would do, which pool, and which of its nodes could be chosen. Works on a configuration and, where
 * there is one, on what is observed; traffic is not touched, and rules are only tried. Not for
 * event loops.
 */
public final class Foreseer {

    private final WeirConfig config;
    private final Overlay overlay;
    private final DataPlane.@Nullable Status observed;
    private final Supplier<@Nullable RuleEngine> engines;
    private final List<Step> steps = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();

    private Foreseer(
            WeirConfig config,
            Overlay overlay,
            DataPlane.@Nullable Status observed,
            Supplier<@Nullable RuleEngine> engines) {
        this.engines = engines;
        this.config = config;
        this.overlay = overlay;
        this.observed = observed;
    }

    /**
     * The answer to {@code question}.
     *
     * @param observed null when nothing is known but the configuration
     * @param engines asked once, and only where there are rules
     * @throws RefusedException when the question names a virtual server that is not there
     */
    public static Foresight of(
            RequestQuestion question,
            WeirConfig config,
            Overlay overlay,
            DataPlane.@Nullable Status observed,
            Supplier<@Nullable RuleEngine> engines)
            throws RefusedException {
        return new Foreseer(config, overlay, observed, engines).answer(question);
    }

    private Foresight answer(RequestQuestion question) throws RefusedException {
        ServerChoice.Found found = ServerChoice.of(question, config, observed);
        if (found == null) {
            return new Foresight(
                    null,
                    null,
                    steps,
                    null,
                    candidates,
                    End.NOWHERE,
                    "no virtual server listens for "
                            + (question.secure() ? "https" : "http")
                            + " at port "
                            + question.port());
        }
        VirtualServerConfig server = found.server();
        boolean http = server.protocol().kind() == Protocol.Kind.HTTP;
        if (!guard(server, question)) {
            return end(found, null, End.REFUSED, "protection class " + server.protection());
        }
        String pool = http ? server.pool() : ServerChoice.route(server, question);
        if (http) {
            RuleTrials trials = new RuleTrials(question, server, config, observed);
            List<String> names = rules(server);
            RuleEngine engine = names.isEmpty() ? null : engines.get();
            for (String name : names) {
                End over = run(server, name, trials, engine);
                if (over != null) {
                    return end(found, null, over, "rule " + name);
                }
                if (trials.stopped()) {
                    break;
                }
            }
            pool = trials.pool();
            if (server.cache().enabled()) {
                steps.add(new Step("cache", "asked", "a stored response may be the answer"));
            }
        }
        return end(found, pool);
    }

    private Foresight end(ServerChoice.Found found, String pool) {
        boolean node = choose(pool, new ArrayList<>());
        long open = candidates.stream().filter(Candidate::chosen).count();
        return new Foresight(
                found.server().name(),
                found.listener(),
                steps,
                pool,
                candidates,
                node ? End.NODE : End.ERROR,
                node
                        ? open == 1
                                ? "the only node that is open gets it"
                                : "one of " + open + " nodes that are open gets it"
                        : "no node of pool " + pool + " is open: the client gets 503");
    }

    private Foresight end(ServerChoice.Found found, @Nullable String pool, End end, String by) {
        String text =
                switch (end) {
                    case ANSWER -> by + " answers it";
                    case ERROR -> by + " fails: the client gets 500";
                    default -> by + " refuses it";
                };
        return new Foresight(
                found.server().name(), found.listener(), steps, pool, candidates, end, text);
    }

    /** Whether the protection class lets the client in. */
    private boolean guard(VirtualServerConfig server, RequestQuestion question) {
        ProtectionConfig guard = config.protectionClasses().get(server.protection());
        if (guard == null || !guard.enabled()) {
            return true;
        }
        String what = "protection " + guard.name();
        if (question.client() == null) {
            steps.add(new Step(what, "passes", "no client was named"));
            return true;
        }
        List<String> banned = new ArrayList<>(guard.banned());
        guard.bannedFiles().forEach(file -> banned.addAll(file.blocks()));
        boolean refused = AddressBlocks.of(banned).contains(question.client());
        steps.add(
                new Step(
                        what,
                        refused ? (guard.testing() ? "passes" : "refuses") : "passes",
                        refused
                                ? "the client is banned"
                                        + (guard.testing() ? ", which is only tested" : "")
                                : "by the lists of addresses; rates are not foreseen"));
        return !refused || guard.testing();
    }

    private List<String> rules(VirtualServerConfig server) {
        List<String> names = new ArrayList<>();
        ProtectionConfig guard = config.protectionClasses().get(server.protection());
        if (guard != null && guard.enabled() && guard.rule() != null) {
            names.add(guard.rule());
        }
        server.requestRules().stream()
                .filter(RuleUse::enabled)
                .map(RuleUse::rule)
                .forEach(names::add);
        return names;
    }

    /** Tries a rule; null when the request goes on. */
    private @Nullable End run(
            VirtualServerConfig server,
            String name,
            RuleTrials trials,
            @Nullable RuleEngine engine) {
        RuleConfig rule = config.rules().get(name);
        String what = "rule " + name;
        if (rule == null || engine == null) {
            steps.add(new Step(what, "unknown", "the rules engine is not installed"));
            return null;
        }
        RuleTrials.Result result;
        try {
            result = trials.run(rule, engine.trial());
        } catch (RulesRefusedException | IllegalArgumentException e) {
            steps.add(new Step(what, "unknown", e.getMessage()));
            return null;
        }
        steps.add(new Step(what, result.decision(), result.detail()));
        return switch (result.decision()) {
            case "answer" -> End.ANSWER;
            case "discard", "close" -> End.REFUSED;
            case "failed" -> server.ruleFailure() == RuleFailure.CONTINUE ? null : End.ERROR;
            default -> null;
        };
    }

    /** How the circuit breaker of a pool is; null when it has none, or nobody has looked. */
    private @Nullable BreakerStatus breaker(String pool) {
        DataPlane.Status seen = observed;
        if (seen != null) {
            for (DataPlane.PoolStatus each : seen.pools()) {
                if (each.name().equals(pool)) {
                    return each.breaker();
                }
            }
        }
        return null;
    }

    private static Candidate leftAlone(Candidate of) {
        return new Candidate(
                of.pool(),
                of.node(),
                of.state(),
                of.health(),
                of.weight(),
                of.priority(),
                false,
                "is left alone: the pool's circuit breaker is open; " + of.why());
    }

    /** Lists the nodes of a pool, or of its failure pools; whether one is open. */
    private boolean choose(String name, List<String> asked) {
        PoolConfig pool = config.pools().get(name);
        if (pool == null || asked.contains(name)) {
            return false;
        }
        asked.add(name);
        if (pool.persistence() != null) {
            steps.add(
                    new Step(
                            "persistence " + pool.persistence(),
                            "first",
                            "a session that the request belongs to comes before "
                                    + pool.algorithm()));
        }
        List<Candidate> nodes = NodeOutlook.of(pool, overlay, observed);
        BreakerStatus breaker = breaker(name);
        if (breaker != null && breaker.state().equals("open")) {
            steps.add(new Step("circuit breaker of pool " + name, "open", breaker.cause()));
            nodes = nodes.stream().map(Foreseer::leftAlone).toList();
        }
        candidates.addAll(nodes);
        boolean open = nodes.stream().anyMatch(Candidate::chosen);
        steps.add(
                new Step(
                        "pool " + name,
                        open ? pool.algorithm() : "no node",
                        open || pool.failurePool() == null
                                ? null
                                : "failure pool " + pool.failurePool() + " is asked"));
        return open || (pool.failurePool() != null && choose(pool.failurePool(), asked));
    }
}
