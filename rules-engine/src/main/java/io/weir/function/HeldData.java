package io.weir.function;

import com.google.re2j.Matcher;

import io.weir.rule.CarriedSide.Held;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * How rules read bytes that are held back for them: as many as they ask for, a line, or all that
 * has come. Confined to one thread at a time.
 */
final class HeldData {

    private final CurrentRun run;
    private final Regexes regexes;

    HeldData(CurrentRun run, Regexes regexes) {
        this.run = run;
        this.regexes = regexes;
    }

    /** What has come; waits for {@code count} bytes, fewer only when no more will come. */
    String get(String function, Held held, int count) {
        if (held.length() < count && !held.complete()) {
            run.await(function, done -> held.await(count, () -> done.accept(null)));
        }
        run.settle();
        String all = Bytes.text(held.bytes());
        return count > 0 && all.length() > count ? all.substring(0, count) : all;
    }

    /** The text from {@code from} to the end of the first match, which {@code $1} tells. */
    String line(String function, Held held, @Nullable String regex, int from) {
        return line(regex, from, () -> Bytes.text(held.bytes()), () -> more(function, held));
    }

    /** Waits for one more byte; false when none will come. */
    private boolean more(String function, Held held) {
        if (held.complete()) {
            return false;
        }
        int next = held.length() + 1;
        run.await(function, done -> held.await(next, () -> done.accept(null)));
        return true;
    }

    /** The same in a text of which no more will come. */
    String line(String text, @Nullable String regex, int from) {
        return line(regex, from, () -> text, () -> false);
    }

    private String line(
            @Nullable String regex, int from, Supplier<String> text, Supplier<Boolean> more) {
        String end = regex == null || regex.isEmpty() ? "\n" : regex;
        while (true) {
            String all = text.get();
            int start = Math.clamp(from, 0, all.length());
            Matcher matcher = regexes.get(end, false).matcher(all);
            if (matcher.find(start) && matcher.end() > start) {
                run.settle();
                run.group(1, Integer.toString(matcher.end()));
                return all.substring(start, matcher.end());
            }
            if (!more.get()) {
                run.settle();
                run.group(1, Integer.toString(all.length()));
                return all.substring(start);
            }
        }
    }
}
