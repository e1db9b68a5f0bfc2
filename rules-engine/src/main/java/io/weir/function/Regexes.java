package io.weir.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import io.weir.brake.BrakedText;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compiled regular expressions, the least recently used of which are forgotten. They match in
 * linear time, so they know neither back-references nor look-around. Confined to one thread.
 */
final class Regexes {

    private static final int MAX = 256;

    /** Characters that take no time to speak of. */
    private static final int SHORT = 1000;

    private final Map<String, Pattern> exact = kept();
    private final Map<String, Pattern> ignoringCase = kept();

    private static Map<String, Pattern> kept() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
                return size() > MAX;
            }
        };
    }

    Pattern get(String regex, boolean ignoreCase) {
        Map<String, Pattern> kept = ignoreCase ? ignoringCase : exact;
        Pattern pattern = kept.get(regex);
        if (pattern == null) {
            try {
                int flags = Pattern.DOTALL | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
                pattern = Pattern.compile(regex, flags);
            } catch (PatternSyntaxException e) {
                throw new RuleErrorException("bad regular expression: " + e.getMessage());
            }
            kept.put(regex, pattern);
        }
        return pattern;
    }

    /** A matcher that can be ended, where the text is long enough to matter. */
    static Matcher matcher(Pattern pattern, String text) {
        return text.length() < SHORT
                ? pattern.matcher(text)
                : pattern.matcher(new BrakedText(text));
    }

    /** Whether {@code regex} matches somewhere; its groups become {@code $1} to {@code $9}. */
    boolean match(CurrentRun run, String text, String regex, boolean ignoreCase) {
        Matcher matcher = matcher(get(regex, ignoreCase), text);
        if (!matcher.find()) {
            return false;
        }
        for (int i = 1; i <= 9; i++) {
            run.group(i, i <= matcher.groupCount() ? matcher.group(i) : "");
        }
        return true;
    }
}
