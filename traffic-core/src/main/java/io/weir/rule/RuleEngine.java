package io.weir.rule;

import io.weir.config.RuleConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Makes rules out of their sources. Lives in another module and is found by {@link ServiceLoader};
 * needs a public constructor without parameters that does nothing costly. Called on threads that
 * may wait, never on an event loop.
 */
public interface RuleEngine {

    /** What is wrong with a rule, without running it; empty when nothing is. */
    List<RuleProblem> check(RuleConfig rule);

    /**
     * Makes all rules of a configuration ready to run on every event loop.
     *
     * @throws RulesRefusedException when at least one of them is no sound program
     */
    RuleSet compile(Collection<RuleConfig> rules, RuleWorld world) throws RulesRefusedException;

    /** Why a file is no database of the places of addresses; null when it is one. */
    @Nullable String problemOfLocations(Path file);

    /** The functions that rules can call, by name in order. */
    List<FunctionText> functions();

    /** Tries rules without traffic. */
    RuleTrial trial();

    /** What the functions of rules have come to since the start. */
    RuleFigures figures();

    /** How rules run, in one sentence for people. */
    String describe();

    /** Ends what rules do still, and lets go of all of them: none is run any more. */
    void close();

    /** The engine that is there; null when there is none. Loads its classes. */
    static @Nullable RuleEngine find() {
        Iterator<RuleEngine> found = ServiceLoader.load(RuleEngine.class).iterator();
        try {
            return found.hasNext() ? found.next() : null;
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalStateException("the rules engine cannot be loaded: " + e, e);
        }
    }
}
