package io.weir.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Regular expressions of rules, whoever matches them. */
class RegexesTest {

    @Test
    void simpleExpressionsAreKnownAndOthersAreNot() {
        assertThat(
                        List.of(
                                "^/user/([a-z]+)",
                                "mstshash=([^;]+)",
                                "a.c",
                                "\\.(jsp)x",
                                "[a-z0-9_-]+@[^ ]+",
                                "x?y?z?(a)(b)"))
                .allSatisfy(regex -> assertThat(SimpleRegex.is(regex)).as(regex).isTrue());
        assertThat(
                        List.of(
                                "(a*)*b",
                                "a*a*a*b",
                                "(a|aa)+",
                                "a{1,300}",
                                "x$",
                                "\\bx",
                                "a+?b",
                                "a++b",
                                "[a&&b]",
                                "[[:alpha:]]",
                                "(?i)a",
                                "((a))",
                                "\\p{L}",
                                "(a",
                                "[a",
                                "a\\",
                                "\\s",
                                "[^]a]",
                                "\\Qa",
                                "a^b",
                                "ä"))
                .allSatisfy(regex -> assertThat(SimpleRegex.is(regex)).as(regex).isFalse());
    }

    /** Made-up expressions on made-up texts: both engines find the same, or the same error. */
    @Test
    void bothEnginesFindTheSame() {
        Random random = new Random(4711);
        String[] parts = {
            "a", "b", "-", "\\.", ".", "[ab]", "[^a]", "[b-c.]", "\\d", "(a)", "(.b)", "([ab])",
            "a*", "[^b]+", "(a?", ")", "(b+)", ".*", "\\w", "[^\\-]", "^", "]", "[-a]", "[a-]",
            "[\\d-b]", "[\\]a]"
        };
        String[] characters = {"a", "b", "c", "-", ".", "1", "\n", "ä", "\uD83D\uDE00"};
        int simple = 0;
        for (int i = 0; i < 6_000; i++) {
            String regex =
                    (random.nextInt(4) == 0 ? "^" : "")
                            + text(random, parts, 1 + random.nextInt(4));
            if (!SimpleRegex.is(regex)) {
                continue;
            }
            simple++;
            String text = text(random, characters, random.nextInt(9));
            Matcher linear =
                    com.google.re2j.Pattern.compile(regex, com.google.re2j.Pattern.DOTALL)
                            .matcher(text);
            java.util.regex.Matcher fast =
                    java.util.regex.Pattern.compile(regex, java.util.regex.Pattern.DOTALL)
                            .matcher(text);
            String what = "'" + regex + "' on '" + text + "'";
            assertThat(fast.find()).as(what).isEqualTo(linear.find());
            for (int group = 0; fast.hasMatch() && group <= fast.groupCount(); group++) {
                assertThat(fast.group(group)).as(what).isEqualTo(linear.group(group));
            }
        }
        assertThat(simple).isGreaterThan(500);
    }

    private static String text(Random random, String[] parts, int count) {
        return random.ints(count, 0, parts.length)
                .mapToObj(i -> parts[i])
                .collect(Collectors.joining());
    }
}
