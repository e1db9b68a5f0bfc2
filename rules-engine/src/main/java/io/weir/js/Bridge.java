package io.weir.js;

import io.weir.function.CurrentRun;
import io.weir.function.Numbers;
import io.weir.function.RuleErrorException;
import io.weir.function.RuleFunction;

import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the prelude needs of Java; rules do not get hold of it. */
public final class Bridge {

    private final CurrentRun run;
    private final @Nullable Consumer<String> trace;
    private final @Nullable String time;
    private @Nullable Value parked;

    /**
     * @param trace is told each call with its result; null for nobody
     * @param time that it is taken to be; null for the present
     */
    Bridge(CurrentRun run, @Nullable Consumer<String> trace, @Nullable String time) {
        this.run = run;
        this.trace = trace;
        this.time = time;
    }

    @RuleFunction
    public boolean tracing() {
        return trace != null;
    }

    /** The time, as JavaScript reads it, that it is taken to be; null for the present. */
    @RuleFunction
    public @Nullable String time() {
        return time;
    }

    @RuleFunction
    public void called(String line) {
        Consumer<String> taker = trace;
        if (taker != null) {
            taker.accept(line);
        }
    }

    @RuleFunction
    public boolean isList(Value value) {
        return value.isHostObject() && value.asHostObject() instanceof List;
    }

    @RuleFunction
    public boolean isMap(Value value) {
        return value.isHostObject() && value.asHostObject() instanceof Map;
    }

    @RuleFunction
    public int size(Value value) {
        return ((List<?>) value.asHostObject()).size();
    }

    @RuleFunction
    public @Nullable Object item(Value value, int index) {
        return ((List<?>) value.asHostObject()).get(index);
    }

    @RuleFunction
    public List<String> keys(Value value) {
        List<String> keys = new ArrayList<>();
        ((Map<?, ?>) value.asHostObject()).keySet().forEach(key -> keys.add(String.valueOf(key)));
        return keys;
    }

    @RuleFunction
    public @Nullable Object entry(Value value, String key) {
        return ((Map<?, ?>) value.asHostObject()).get(key);
    }

    @RuleFunction
    public boolean isBytes(Value value) {
        return value.isHostObject() && value.asHostObject() instanceof byte[];
    }

    /** Bytes with a character for each. */
    @RuleFunction
    public String characters(Value bytes) {
        return new String((byte[]) bytes.asHostObject(), StandardCharsets.ISO_8859_1);
    }

    @RuleFunction
    public double number(Value value) {
        return Numbers.number(Values.plain(value).value());
    }

    @RuleFunction
    public String text(Value value) {
        return Numbers.text(Values.plain(value).value());
    }

    /** What Java says that has thrown; null when it was JavaScript. */
    @RuleFunction
    public @Nullable String said(Value thrown) {
        return thrown.isHostObject() && thrown.asHostObject() instanceof Throwable java
                ? String.valueOf(java.getMessage())
                : null;
    }

    @RuleFunction
    public String group(int number) {
        return run.group(number);
    }

    @RuleFunction
    public Object groups() {
        return new Groups(run.groups());
    }

    @RuleFunction
    public void groups(Groups kept) {
        run.groups(kept.values());
    }

    /** The groups of a match, kept in a journal. */
    public record Groups(String[] values) {}

    @RuleFunction
    public boolean ended() {
        return run.ended();
    }

    /** Whether the call that has just been made waits, and its rule is to pause. */
    @RuleFunction
    public boolean waits() {
        return run.pending() != null && parked == null;
    }

    /** Whether the rule pauses already. */
    @RuleFunction
    public boolean parked() {
        return parked != null;
    }

    /** The rule pauses, and goes on when {@code resume} is called. */
    @RuleFunction
    public void park(Value resume) {
        parked = resume;
    }

    /** What makes the rule go on that pauses; null when none does. */
    @Nullable Value takeParked() {
        Value resume = parked;
        parked = null;
        return resume;
    }

    @RuleFunction
    public void diverged(String now, String before) {
        if (!now.equals(before)) {
            throw new RuleErrorException(
                    "the rule took another way when it went on after a wait: it called "
                            + now
                            + " where it had called "
                            + before);
        }
    }
}
