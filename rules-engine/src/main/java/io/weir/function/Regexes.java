package io.weir.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import io.weir.brake.BrakedText;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Compiled regular expressions, the least recently used of which are forgotten. They match in
 * linear time, so they know neither back-references nor look-around. Confined to one thread.
 */
final class Regexes {

    private static final int MAX = 256;

    /** Characters that take no time to speak of. */
    private static final int SHORT = 1000;

    private final Map<String, Kept> exact = kept();
    private final Map<String, Kept> ignoringCase = kept();

    /**
     * A compiled expression.
     *
     * @param simple the same for the JDK, where that may match it; else null
     */
    private record Kept(Pattern pattern, java.util.regex.@Nullable Pattern simple) {}

    private static Map<String, Kept> kept() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
                return size() > MAX;
            }
        };
    }

    Pattern get(String regex, boolean ignoreCase) {
        return compiled(regex, ignoreCase).pattern();
    }

    private Kept compiled(String regex, boolean ignoreCase) {
        Map<String, Kept> kept = ignoreCase ? ignoringCase : exact;
        Kept found = kept.get(regex);
        if (found == null) {
            try {
                int flags = Pattern.DOTALL | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
                Pattern pattern = Pattern.compile(regex, flags);
                found = new Kept(pattern, ignoreCase ? null : simple(regex));
            } catch (PatternSyntaxException e) {
                throw new RuleErrorException("bad regular expression: " + e.getMessage());
            }
            kept.put(regex, found);
        }
        return found;
    }

    private static java.util.regex.@Nullable Pattern simple(String regex) {
        return SimpleRegex.is(regex)
                ? java.util.regex.Pattern.compile(regex, java.util.regex.Pattern.DOTALL)
                : null;
    }

    /** A matcher that can be ended, where the text is long enough to matter. */
    static Matcher matcher(Pattern pattern, String text) {
        return text.length() < SHORT
                ? pattern.matcher(text)
                : pattern.matcher(new BrakedText(text));
    }

    /** Whether {@code regex} matches somewhere; its groups become {@code $1} to {@code $9}. */
    boolean match(CurrentRun run, String text, String regex, boolean ignoreCase) {
        Kept kept = compiled(regex, ignoreCase);
        java.util.regex.Pattern simple = kept.simple();
        if (simple != null && text.length() <= SimpleRegex.MAX_TEXT) {
            java.util.regex.Matcher matcher = simple.matcher(text);
            return matcher.find() && groups(run, matcher.groupCount(), matcher::group);
        }
        Matcher matcher = matcher(kept.pattern(), text);
        return matcher.find() && groups(run, matcher.groupCount(), matcher::group);
    }

    private static boolean groups(CurrentRun run, int count, IntFunction<@Nullable String> groups) {
        for (int i = 1; i <= 9; i++) {
            run.group(i, i <= count ? groups.apply(i) : "");
        }
        return true;
    }
}
