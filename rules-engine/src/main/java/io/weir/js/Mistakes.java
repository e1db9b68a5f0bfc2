package io.weir.js;

import io.weir.js.Tokens.Kind;
import io.weir.rule.RuleProblem;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What somebody writes who knows TrafficScript, and what can never work: each with what to write
 * instead. Much of it is a program to JavaScript, which would fail when the rule runs, or do
 * something else. What might be meant as it stands is left alone.
 */
final class Mistakes {

    /** So many are more than anybody reads at once. */
    private static final int MAX = 100;

    /** What a backslash means something with to regular expressions, and nothing to texts. */
    private static final String LOST_ESCAPES = "dDwWsS.()[]{}*+?|^";

    /** What every object has. */
    private static final Set<String> OF_OBJECTS =
            Set.of(
                    "__proto__",
                    "constructor",
                    "hasOwnProperty",
                    "isPrototypeOf",
                    "propertyIsEnumerable",
                    "toLocaleString",
                    "toString",
                    "valueOf");

    private final String rule;
    private final String text;
    private final Tokens tokens;
    private final Declarations declared;
    private final Map<String, String> spellings;
    private final Set<String> families = new HashSet<>();

    /** Families whose names the rule seems to use for something of its own. */
    private final Set<String> hidden = new HashSet<>();

    private final Set<String> told = new HashSet<>();
    private final List<RuleProblem> problems = new ArrayList<>();

    private Mistakes(String rule, SourceText source, Map<String, String> spellings) {
        this.rule = rule;
        this.text = source.text();
        this.tokens = source.tokens();
        this.declared = new Declarations(tokens);
        this.spellings = spellings;
        spellings.values().forEach(name -> families.add(name.substring(0, name.indexOf('.'))));
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isName(i) && families.contains(at(i)) && !tokens.isSign(i + 1, ".:")) {
                hidden.add(at(i));
            }
        }
    }

    /**
     * The mistakes in a rule, in the order of its text, and not too many.
     *
     * @param spellings full names of functions by the same in lower case
     */
    static List<RuleProblem> in(String rule, SourceText source, Map<String, String> spellings) {
        Mistakes mistakes = new Mistakes(rule, source, spellings);
        for (int i = 0; i < mistakes.tokens.size() && mistakes.problems.size() < MAX; i++) {
            mistakes.look(i);
        }
        return mistakes.problems;
    }

    // ---- what is told

    private void look(int i) {
        switch (tokens.kind(i)) {
            case HASH_COMMENT -> tell(i, "a comment begins with //, and not with #");
            case NAME -> {
                if (tokens.isName(i)) {
                    word(i);
                    variable(i);
                    function(i);
                }
            }
            case TEXT -> escapes(i);
            case SIGN -> {
                if (tokens.isSign(i, ".") && tokens.isSign(i + 1, "=")) {
                    tell(i, "a dot joins no texts: write += and not .=");
                } else if (tokens.isSign(i, ".")) {
                    dot(i);
                } else if (tokens.isArrow(i)
                        && (tokens.is(i - 1, Kind.TEXT) || tokens.is(i - 1, Kind.NUMBER))) {
                    tell(i, "a hash is an object: write {key: value} and not [key => value]");
                }
            }
            default -> {}
        }
    }

    /** Words of TrafficScript that JavaScript does not have. */
    private void word(int i) {
        if (declared.have(at(i))) {
            return;
        }
        boolean open = at(i + 1).equals("(");
        switch (at(i)) {
            case "sub" -> {
                if (tokens.is(i + 1, Kind.NAME) && at(i + 2).equals("(")) {
                    tell(i, "write function " + at(i + 1) + "(…) and not sub " + at(i + 1));
                }
            }
            case "foreach" -> {
                if (open) {
                    tell(i, "write for (const x of list) and not foreach (x in list)");
                }
            }
            case "elseif", "elsif" -> {
                if (open) {
                    tell(i, "write else if and not " + at(i));
                }
            }
            case "import" -> {
                if (tokens.is(i + 1, Kind.NAME) || tokens.is(i + 1, Kind.TEXT)) {
                    tell(i, "rules have no libraries: write the functions into the rule");
                }
            }
            case "switch" -> {
                if (open && listed(i + 2, ")")) {
                    tell(i, "switch compares with === and nothing else: write if … else if");
                }
            }
            case "case" -> {
                if (listed(i + 1, ":")) {
                    tell(i, "write case a: case b: and not case a, b:");
                }
            }
            default -> {}
        }
    }

    /** Whether there is a comma in front of {@code end}, but for those in brackets. */
    private boolean listed(int from, String end) {
        int i = from;
        while (i < tokens.size() && !at(i).equals(end)) {
            if (tokens.isSign(i, ",")) {
                return true;
            }
            i = tokens.opens(i) ? tokens.behind(i) : i + 1;
        }
        return false;
    }

    /** A backslash in quotes that is meant for a regular expression, and lost. */
    private void escapes(int i) {
        String quoted = at(i);
        if (!quoted.startsWith("'") && !quoted.startsWith("\"")) {
            return;
        }
        for (int k = quoted.indexOf('\\'); k >= 0 && k + 1 < quoted.length(); ) {
            if (LOST_ESCAPES.indexOf(quoted.charAt(k + 1)) >= 0) {
                char lost = quoted.charAt(k + 1);
                tell(i, "a text loses the backslash in front of " + lost + ": write two of them");
                return;
            }
            k = quoted.indexOf('\\', k + 2);
        }
    }

    /** A variable that is used and declared nowhere. */
    private void variable(int i) {
        String name = at(i);
        boolean group = name.matches("\\$[1-9]");
        boolean used = name.startsWith("$") && !group && !at(i - 1).equals("typeof");
        if ((used || isSet(i)) && !at(i + 1).equals(":") && !declared.have(name)) {
            if (told.add(name)) {
                tell(i, name + " is not declared: write let " + name + " = … where it begins");
            }
        }
    }

    /** Whether a statement begins that sets a name. A class may have such fields. */
    private boolean isSet(int i) {
        boolean begins = i == 0 || tokens.isSign(i - 1, ";{})");
        return begins && tokens.isAssignment(i + 1) && !text.contains("class");
    }

    /** A call of a function that is not there, of a family that is. */
    private void function(int i) {
        if (!families.contains(at(i)) || hidden.contains(at(i)) || !at(i + 1).equals(".")) {
            return;
        }
        int last = i;
        StringBuilder chain = new StringBuilder(at(i));
        boolean known = OF_OBJECTS.contains(at(i + 2));
        while (at(last + 1).equals(".") && tokens.is(last + 2, Kind.NAME)) {
            last += 2;
            chain.append('.').append(at(last));
            known |= spellings.containsKey(chain.toString().toLowerCase(Locale.ROOT));
        }
        if (!known && at(last + 1).equals("(")) {
            tell(i, chain + " is no function of rules" + meant(chain.toString()));
        }
    }

    /** A dot that was to join two texts. */
    private void dot(int i) {
        if (!tokens.isValue(i - 1) || tokens.isSign(i + 1, ".")) {
            return;
        }
        String next = at(i + 1);
        boolean variable = next.startsWith("$");
        boolean joins =
                tokens.is(i + 1, Kind.TEXT)
                        || tokens.is(i + 1, Kind.NUMBER)
                        || isBlank(i - 1) && isBlank(i)
                        || tokens.is(i - 1, Kind.TEXT) && (variable || families.contains(next))
                        || variable && declared.have(next) && at(i - 1).startsWith("$");
        if (joins) {
            tell(i, "a dot joins no texts: write + instead");
        }
    }

    /** Whether a piece and the next one stand apart, on the same line. */
    private boolean isBlank(int i) {
        return !tokens.areJoined(i) && tokens.between(i).indexOf('\n') < 0;
    }

    private void tell(int i, String what) {
        int start = tokens.start(i);
        int line = (int) text.substring(0, start).chars().filter(c -> c == '\n').count() + 1;
        int column = start - text.lastIndexOf("\n", start - 1);
        problems.add(new RuleProblem(rule, line, column, what));
    }

    private String at(int i) {
        return tokens.at(i);
    }

    private String meant(String name) {
        return NearNames.nearest(name, spellings.values())
                .map(each -> ": did you mean " + each + "?")
                .orElse("");
    }
}
