package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

import io.weir.brake.Brake;
import io.weir.function.Escapes.Unescaped;
import io.weir.rule.RuleOutcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Functions {@code string.*}. Positions begin at 0; yes and no are 1 and 0. */
public final class StringFunctions extends StringCodecs {

    /** Characters of a text that is made; JavaScript has the same limit for its own. */
    private static final int MAX_TEXT = 32 << 20;

    @RuleFunction("Times as text.")
    public final GmTime gmtime = new GmTime();

    private final CurrentRun run;
    private final Regexes regexes;

    StringFunctions(CurrentRun run, Regexes regexes) {
        this.run = run;
        this.regexes = regexes;
    }

    private static String lower(@Nullable String s) {
        return folded(orEmpty(s), 'A', 'Z');
    }

    /** With the letters of ASCII in the other case that lie within these; all else may be bytes. */
    private static String folded(String s, char first, char last) {
        char[] folded = null;
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c >= first && c <= last) {
                if (folded == null) {
                    folded = s.toCharArray();
                }
                folded[i] = (char) (c ^ 0x20);
            }
        }
        return folded == null ? s : new String(folded);
    }

    private static int yes(boolean answer) {
        return answer ? 1 : 0;
    }

    @RuleFunction("Joins its arguments to one text.")
    public String append(String... parts) {
        List<String> all = Arrays.stream(parts).map(Bytes::orEmpty).toList();
        bounded(all.stream().mapToLong(String::length).sum());
        return String.join("", all);
    }

    @RuleFunction("Below 0, 0 or above 0, as a comes before b, equals it or comes behind it.")
    public int cmp(@Nullable String a, @Nullable String b) {
        return orEmpty(a).compareTo(orEmpty(b));
    }

    @RuleFunction("Like string.cmp, whatever the case of letters.")
    public int icmp(@Nullable String a, @Nullable String b) {
        return lower(a).compareTo(lower(b));
    }

    @RuleFunction("Whether needle occurs in haystack.")
    public int contains(@Nullable String haystack, @Nullable String needle) {
        return yes(orEmpty(haystack).contains(orEmpty(needle)));
    }

    @RuleFunction("Like string.contains, whatever the case of letters.")
    public int containsI(@Nullable String haystack, @Nullable String needle) {
        return yes(lower(haystack).contains(lower(needle)));
    }

    @RuleFunction
    public int count(@Nullable String haystack, @Nullable String needle) {
        return count(haystack, needle, 0);
    }

    @RuleFunction("How often needle occurs in haystack from start on, without overlaps.")
    public int count(@Nullable String haystack, @Nullable String needle, int start) {
        String h = orEmpty(haystack);
        String n = orEmpty(needle);
        int found = 0;
        int at = n.isEmpty() ? -1 : h.indexOf(n, start);
        while (at >= 0) {
            found++;
            at = h.indexOf(n, at + n.length());
        }
        return found;
    }

    @RuleFunction
    public int find(@Nullable String haystack, @Nullable String needle) {
        return orEmpty(haystack).indexOf(orEmpty(needle));
    }

    @RuleFunction("Where needle occurs first from start on; -1 for nowhere.")
    public int find(@Nullable String haystack, @Nullable String needle, int start) {
        return orEmpty(haystack).indexOf(orEmpty(needle), start);
    }

    @RuleFunction
    public int findI(@Nullable String haystack, @Nullable String needle) {
        return lower(haystack).indexOf(lower(needle));
    }

    @RuleFunction("Like string.find, whatever the case of letters.")
    public int findI(@Nullable String haystack, @Nullable String needle, int start) {
        return lower(haystack).indexOf(lower(needle), start);
    }

    @RuleFunction
    public int findr(@Nullable String haystack, @Nullable String needle) {
        return orEmpty(haystack).lastIndexOf(orEmpty(needle));
    }

    @RuleFunction("Where needle occurs last, fromEnd bytes from the end left out; -1 for nowhere.")
    public int findr(@Nullable String haystack, @Nullable String needle, int fromEnd) {
        String h = orEmpty(haystack);
        String n = orEmpty(needle);
        return h.lastIndexOf(n, h.length() - Math.max(0, fromEnd) - n.length());
    }

    @RuleFunction("Whether the text begins with prefix.")
    public int startsWith(@Nullable String text, @Nullable String prefix) {
        return yes(orEmpty(text).startsWith(orEmpty(prefix)));
    }

    @RuleFunction("Like string.startsWith, whatever the case of letters.")
    public int startsWithI(@Nullable String text, @Nullable String prefix) {
        return yes(lower(text).startsWith(lower(prefix)));
    }

    @RuleFunction("Whether the text ends with suffix.")
    public int endsWith(@Nullable String text, @Nullable String suffix) {
        return yes(orEmpty(text).endsWith(orEmpty(suffix)));
    }

    @RuleFunction("Like string.endsWith, whatever the case of letters.")
    public int endsWithI(@Nullable String text, @Nullable String suffix) {
        return yes(lower(text).endsWith(lower(suffix)));
    }

    @RuleFunction("The first count characters.")
    public String left(@Nullable String text, int count) {
        String t = orEmpty(text);
        return t.substring(0, Math.clamp(count, 0, t.length()));
    }

    @RuleFunction("The last count characters.")
    public String right(@Nullable String text, int count) {
        String t = orEmpty(text);
        return t.substring(t.length() - Math.clamp(count, 0, t.length()));
    }

    @RuleFunction("All but the first count characters.")
    public String skip(@Nullable String text, int count) {
        String t = orEmpty(text);
        return t.substring(Math.clamp(count, 0, t.length()));
    }

    @RuleFunction("All but the last count characters.")
    public String drop(@Nullable String text, int count) {
        String t = orEmpty(text);
        return t.substring(0, t.length() - Math.clamp(count, 0, t.length()));
    }

    @RuleFunction("The characters from base to end, that at end included.")
    public String substring(@Nullable String text, int base, int end) {
        String t = orEmpty(text);
        int from = Math.clamp(base, 0, t.length());
        int to = Math.clamp((long) end + 1, from, t.length());
        return t.substring(from, to);
    }

    @RuleFunction("How many bytes the text has.")
    public int len(@Nullable String text) {
        return Bytes.of(text).length;
    }

    @RuleFunction("How many bytes the text has.")
    public int length(@Nullable String text) {
        return Bytes.of(text).length;
    }

    @RuleFunction("The text with A to Z in lower case; other letters, which may be bytes, stay.")
    public String lowercase(@Nullable String text) {
        return lower(text);
    }

    @RuleFunction("The text with a to z in upper case; other letters, which may be bytes, stay.")
    public String uppercase(@Nullable String text) {
        return folded(orEmpty(text), 'a', 'z');
    }

    @RuleFunction("The text from its end to its beginning.")
    public String reverse(@Nullable String text) {
        return new StringBuilder(orEmpty(text)).reverse().toString();
    }

    @RuleFunction("The text without white space and control characters at both ends.")
    public String trim(@Nullable String text) {
        return orEmpty(text).trim();
    }

    @RuleFunction("The text with the first occurrence of search replaced.")
    public String replace(
            @Nullable String text, @Nullable String search, @Nullable String replacement) {
        return replaced(text, search, replacement, false, false);
    }

    @RuleFunction("The text with every occurrence of search replaced.")
    public String replaceAll(
            @Nullable String text, @Nullable String search, @Nullable String replacement) {
        return replaced(text, search, replacement, false, true);
    }

    @RuleFunction("Like string.replace, whatever the case of letters.")
    public String replaceI(
            @Nullable String text, @Nullable String search, @Nullable String replacement) {
        return replaced(text, search, replacement, true, false);
    }

    @RuleFunction("Like string.replaceAll, whatever the case of letters.")
    public String replaceAllI(
            @Nullable String text, @Nullable String search, @Nullable String replacement) {
        return replaced(text, search, replacement, true, true);
    }

    @RuleFunction("Old name of string.replaceI.")
    public String Ireplace(
            @Nullable String text, @Nullable String search, @Nullable String replacement) {
        return replaced(text, search, replacement, true, false);
    }

    @RuleFunction("Old name of string.replaceAllI.")
    public String IreplaceAll(
            @Nullable String text, @Nullable String search, @Nullable String replacement) {
        return replaced(text, search, replacement, true, true);
    }

    private String replaced(
            @Nullable String text,
            @Nullable String search,
            @Nullable String replacement,
            boolean ignoreCase,
            boolean all) {
        String t = orEmpty(text);
        String where = ignoreCase ? lower(t) : t;
        String what = ignoreCase ? lower(search) : orEmpty(search);
        if (what.isEmpty()) {
            return t;
        }
        StringBuilder out = new StringBuilder(t.length());
        int from = 0;
        int at = where.indexOf(what);
        while (at >= 0) {
            out.append(t, from, at).append(orEmpty(replacement));
            bounded(out.length());
            from = at + what.length();
            at = all ? where.indexOf(what, from) : -1;
        }
        return out.append(t, from, t.length()).toString();
    }

    @RuleFunction("The text with insertion put in at offset.")
    public String insertBytes(@Nullable String text, @Nullable String insertion, int offset) {
        String t = orEmpty(text);
        int at = Math.clamp(offset, 0, t.length());
        return t.substring(0, at) + orEmpty(insertion) + t.substring(at);
    }

    @RuleFunction("The text with as many bytes as replacement has overwritten from offset on.")
    public String replaceBytes(@Nullable String text, @Nullable String replacement, int offset) {
        String t = orEmpty(text);
        String r = orEmpty(replacement);
        int at = Math.clamp(offset, 0, t.length());
        return t.substring(0, at) + r + t.substring(Math.min(t.length(), at + r.length()));
    }

    @RuleFunction
    public int regexmatch(@Nullable String text, @Nullable String regex) {
        return yes(regexes.match(run, orEmpty(text), orEmpty(regex), false));
    }

    @RuleFunction(
            "Whether regex matches somewhere in the text; groups become $1 to $9. Flag i: whatever"
                    + " the case of letters. No back-references and no look-around.")
    public int regexmatch(@Nullable String text, @Nullable String regex, @Nullable String flags) {
        return yes(regexes.match(run, orEmpty(text), orEmpty(regex), orEmpty(flags).contains("i")));
    }

    @RuleFunction
    public String regexsub(
            @Nullable String text, @Nullable String regex, @Nullable String replacement) {
        return regexsub(text, regex, replacement, "");
    }

    @RuleFunction(
            "The text with the first match of regex replaced, in which $1 to $9 stand for groups."
                    + " Flags: g for every match, i for whatever case.")
    public String regexsub(
            @Nullable String text,
            @Nullable String regex,
            @Nullable String replacement,
            @Nullable String flags) {
        String f = orEmpty(flags);
        Pattern pattern = regexes.get(orEmpty(regex), f.contains("i"));
        String t = orEmpty(text);
        Matcher matcher = Regexes.matcher(pattern, t);
        String with = withKnownGroups(orEmpty(replacement), matcher.groupCount());
        StringBuilder out = new StringBuilder(t.length());
        boolean more = true;
        while (more && matcher.find()) {
            matcher.appendReplacement(out, with);
            bounded(out.length());
            more = f.contains("g");
        }
        matcher.appendTail(out);
        return out.toString();
    }

    /** Ends a rule that makes a text longer than any that it may have. */
    private void bounded(long length) {
        if (length > MAX_TEXT) {
            run.finish(
                    new RuleOutcome.Failed(
                            "it made a text of more than " + MAX_TEXT + " characters"));
        }
        Brake.check();
    }

    /** The replacement with all but groups that there are taken literally. */
    private static String withKnownGroups(String replacement, int groups) {
        StringBuilder out = new StringBuilder(replacement.length());
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            int digit =
                    c == '$' && i + 1 < replacement.length() ? replacement.charAt(i + 1) - '0' : -1;
            if (digit >= 1 && digit <= 9) {
                if (digit <= groups) {
                    out.append("${").append(digit).append('}');
                }
                i++;
            } else {
                out.append(c == '$' || c == '\\' ? "\\" + c : String.valueOf(c));
            }
        }
        return out.toString().replaceAll("\\$\\{(\\d)}", "\\$$1");
    }

    @RuleFunction("The text quoted so that it stands for itself in a regular expression.")
    public String regexescape(@Nullable String text) {
        return Pattern.quote(orEmpty(text));
    }

    @RuleFunction("Whether the whole text fits a pattern in which * and ? are wildcards.")
    public int wildmatch(@Nullable String text, @Nullable String pattern) {
        return yes(wild(orEmpty(text), orEmpty(pattern)));
    }

    private static boolean wild(String text, String pattern) {
        int t = 0;
        int p = 0;
        int star = -1;
        int mark = 0;
        while (t < text.length()) {
            if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))
                    && pattern.charAt(p) != '*') {
                t++;
                p++;
            } else if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = t;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    @RuleFunction
    public List<String> split(@Nullable String text) {
        return split(text, " ");
    }

    @RuleFunction("The parts of the text between separators; its characters if that is empty.")
    public List<String> split(@Nullable String text, @Nullable String separator) {
        String t = orEmpty(text);
        String s = orEmpty(separator);
        List<String> parts = new ArrayList<>();
        if (s.isEmpty()) {
            t.chars().forEach(c -> parts.add(String.valueOf((char) c)));
            return parts;
        }
        int from = 0;
        for (int at = t.indexOf(s); at >= 0; at = t.indexOf(s, from)) {
            parts.add(t.substring(from, at));
            from = at + s.length();
        }
        parts.add(t.substring(from));
        return parts;
    }

    @RuleFunction("The format with %s, %c, %d and %f replaced by the values, in order.")
    public String sprintf(@Nullable String format, Any... values) {
        return Sprintf.format(orEmpty(format), values);
    }

    @RuleFunction("The text with bytes up to 32 and percent signs escaped.")
    public String escape(@Nullable String text) {
        return Escapes.escape(orEmpty(text), c -> c > 32 && c != '%');
    }

    @RuleFunction("The text without escapes. The % of a bad one becomes _, and $1 becomes 0.")
    public String unescape(@Nullable String text) {
        Unescaped result = Escapes.unescape(orEmpty(text), true, false);
        run.group(1, result.good() ? "1" : "0");
        return result.text();
    }

    @RuleFunction("The text with all but unreserved characters escaped.")
    public String urlencode(@Nullable String text) {
        return Escapes.escape(orEmpty(text), Escapes::unreserved);
    }

    @RuleFunction("The text with all but unreserved and reserved characters and % escaped.")
    public String urlencodeexceptreserved(@Nullable String text) {
        return Escapes.escape(orEmpty(text), Escapes::unreservedOrReserved);
    }

    @RuleFunction("The text with <, >, quotes, & and control characters as entities.")
    public String htmlencode(@Nullable String text) {
        StringBuilder out = new StringBuilder();
        for (char c : orEmpty(text).toCharArray()) {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '&' -> out.append("&amp;");
                default -> {
                    if (c < 32 && c != '\n' && c != '\r' && c != '\t' || c == 127) {
                        out.append("&#").append((int) c).append(';');
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }

    @RuleFunction("The text with the entities of string.htmlencode resolved.")
    public String htmldecode(@Nullable String text) {
        Matcher matcher =
                regexes.get("&(lt|gt|quot|amp|apos|#[0-9]{1,3});", false).matcher(orEmpty(text));
        StringBuilder out = new StringBuilder();
        String t = orEmpty(text);
        int from = 0;
        while (matcher.find()) {
            out.append(t, from, matcher.start());
            String name = orEmpty(matcher.group(1));
            out.append(
                    switch (name) {
                        case "lt" -> "<";
                        case "gt" -> ">";
                        case "quot" -> "\"";
                        case "amp" -> "&";
                        case "apos" -> "'";
                        default -> String.valueOf((char) Integer.parseInt(name.substring(1)));
                    });
            from = matcher.end();
        }
        return out.append(t, from, t.length()).toString();
    }
}
