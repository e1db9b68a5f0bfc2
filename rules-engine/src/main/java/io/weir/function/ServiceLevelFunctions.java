package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.rule.HttpSide;
import io.weir.slm.ServiceLevel;

import org.jspecify.annotations.Nullable;

/** Functions {@code slm.*}: without a name they are about the class of the request. */
public final class ServiceLevelFunctions {

    private final CurrentRun run;

    ServiceLevelFunctions(CurrentRun run) {
        this.run = run;
    }

    private @Nullable ServiceLevel own() {
        return run.side() instanceof HttpSide http ? http.serviceLevel() : null;
    }

    private @Nullable ServiceLevel named(@Nullable String name) {
        return run.world().serviceLevel(orEmpty(name));
    }

    private double percent(@Nullable ServiceLevel level) {
        return level == null ? 100 : level.lately(run.world().ticker().nanos()).percent();
    }

    private static double serious(@Nullable ServiceLevel level) {
        return level == null ? 0 : level.config().seriousThreshold();
    }

    @RuleFunction
    public double conforming() {
        return percent(own());
    }

    @RuleFunction(
            "How many per cent of the answers of the last ten seconds began in time; 100 when there"
                    + " were none, or there is no such class.")
    public double conforming(@Nullable String name) {
        return percent(named(name));
    }

    @RuleFunction
    public int isOK() {
        return percent(own()) >= serious(own()) ? 1 : 0;
    }

    @RuleFunction("Whether no fewer answers than the serious threshold asks for began in time.")
    public int isOK(@Nullable String name) {
        return percent(named(name)) >= serious(named(name)) ? 1 : 0;
    }

    @RuleFunction
    public double threshold() {
        return serious(own());
    }

    @RuleFunction("The serious threshold, in per cent.")
    public double threshold(@Nullable String name) {
        return serious(named(name));
    }
}
