package io.weir.function;

import io.weir.event.EventTag;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Functions {@code log.*}: lines in the event log. */
public final class LogFunctions {

    private static final Logger LOG = LoggerFactory.getLogger("io.weir.rules");
    private static final int MAX = 4096;

    private final CurrentRun run;

    LogFunctions(CurrentRun run) {
        this.run = run;
    }

    private String text(@Nullable String message) {
        String all = "rule " + run.rule() + ": " + Bytes.orEmpty(message);
        String line = all.length() > MAX ? all.substring(0, MAX) + "…" : all;
        return line.replaceAll("[\\x00-\\x1f\\x7f\\x80-\\x9f]", " ");
    }

    @RuleFunction("Writes a line of severity INFO.")
    public void info(@Nullable String message) {
        String text = text(message);
        LOG.debug("{}", text);
        run.event(EventTag.RULELOGMSGINFO, text);
    }

    @RuleFunction("Writes a line of severity WARN.")
    public void warn(@Nullable String message) {
        run.event(EventTag.RULELOGMSGWARN, text(message));
    }

    @RuleFunction("Writes a line of severity SERIOUS.")
    public void error(@Nullable String message) {
        run.event(EventTag.RULELOGMSGSERIOUS, text(message));
    }
}
