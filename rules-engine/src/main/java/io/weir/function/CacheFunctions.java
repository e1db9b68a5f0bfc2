package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

/** Functions {@code http.cache.*}. */
public final class CacheFunctions {

    private final CurrentRun run;

    CacheFunctions(CurrentRun run) {
        this.run = run;
    }

    @RuleFunction(
            "Lets the answer be stored and answered out of the store although rules have changed"
                    + " the request, as far as the cache of the virtual server takes it.")
    public void enable() {
        run.http().caching().cache(true);
    }

    @RuleFunction("Keeps request and answer away from the cache.")
    public void disable() {
        run.http().caching().cache(false);
    }

    @RuleFunction(
            "Adds a text to what the cache tells answers apart by, for answers that depend on more"
                    + " than the request shows.")
    public void setkey(@Nullable String key) {
        run.http().caching().cacheKey(orEmpty(key));
    }

    @RuleFunction
    public int exists() {
        return cached(null) ? 1 : 0;
    }

    @RuleFunction("Whether the cache could answer the request as it is now, of that pool.")
    public int exists(@Nullable String pool) {
        return cached(pool) ? 1 : 0;
    }

    @RuleFunction
    public int respondIfCached() {
        return respondIfCached(null);
    }

    @RuleFunction(
            "Ends the rules of the list when the cache can answer, which it does then; 0 when it"
                    + " cannot. In request rules.")
    public int respondIfCached(@Nullable String pool) {
        if (run.side().state() == RuleState.REQUEST && cached(pool)) {
            run.finish(RuleOutcome.STOP);
        }
        return 0;
    }

    private boolean cached(@Nullable String pool) {
        if (pool != null && run.world().pool(pool) == null) {
            return false;
        }
        return run.http().caching().cached(pool);
    }

    /** Functions {@code http.compress.*}. */
    public static final class Compress {
        private final CurrentRun run;

        Compress(CurrentRun run) {
            this.run = run;
        }

        @RuleFunction(
                "Compresses the answer, whatever its type and length, if the client takes it.")
        public void enable() {
            run.http().caching().compress(true);
        }

        @RuleFunction("Leaves the answer uncompressed.")
        public void disable() {
            run.http().caching().compress(false);
        }
    }
}
