package io.weir.config.load;

import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.SpecVersion;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Composes one YAML document from the parser's events. It does so itself, because every value needs
 * its place, because all duplicate keys are to be reported and not only the first, and because the
 * limits on nesting and unfolding have to hold while the text is being read.
 */
final class YamlReader {

    /** Lists and mappings inside each other; the deepest that the schema knows is 6. */
    static final int MAX_DEPTH = 32;

    /** Values that all aliases together may stand for. */
    static final int MAX_UNFOLDED = 100_000;

    private final Path file;
    private final String text;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private final Set<String> openAnchors = new HashSet<>();
    private long composed;
    private long unfolded;

    /** A node with an anchor, and how many nodes it stands for. */
    private record Anchored(Node node, long nodes) {}

    private YamlReader(Path file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
        this.events = parse(withoutTabs(text));
    }

    /**
     * JSON may be indented with tabs, which the parser takes for YAML's forbidden ones. Outside
     * quotes each becomes one space, so that places stay right.
     */
    private static String withoutTabs(String text) {
        if (text.indexOf('\t') < 0 || !text.stripLeading().startsWith("{")) {
            return text;
        }
        StringBuilder out = new StringBuilder(text);
        boolean quoted = false;
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == '\t' && !quoted) {
                out.setCharAt(i, ' ');
            }
        }
        return out.toString();
    }

    /**
     * The document in {@code text}, or null when it is empty or not well-formed; the latter is
     * reported, the former is for the caller to judge.
     */
    static @Nullable Node read(Path file, String text, Problems problems) {
        YamlReader reader = new YamlReader(file, text, problems);
        try {
            return reader.document();
        } catch (Stop stop) {
            problems.error(stop.place, "", stop.code, stop.getMessage());
        } catch (MarkedYamlEngineException e) {
            reader.report(e);
        } catch (ReaderException e) {
            problems.error(
                    reader.placeOf(e.getPosition()),
                    "",
                    ProblemCode.NOT_TEXT,
                    String.format("the character U+%04X may not stand in YAML", e.getCodePoint()));
        } catch (YamlEngineException e) {
            problems.error(
                    Place.whole(file), "", ProblemCode.SYNTAX, "not YAML 1.2: " + e.getMessage());
        }
        return null;
    }

    private static Iterator<Event> parse(String text) {
        // The buffer holds the whole text, because a reader that refills it copies what it holds
        // each time: a long line would take quadratic time.
        LoadSettings settings =
                LoadSettings.builder()
                        .setCodePointLimit(SourceFiles.MAX_FILE)
                        .setBufferSize(text.length() + 1)
                        .build();
        return new Parse(settings).parseString(text).iterator();
    }

    private @Nullable Node document() throws Stop {
        events.next();
        Event first = events.next();
        if (!(first instanceof DocumentStartEvent start)) {
            return null;
        }
        Optional<SpecVersion> version = start.getSpecVersion();
        if (version.isPresent() && version.get().getMinor() != 2) {
            throw new Stop(
                    place(start),
                    ProblemCode.SYNTAX,
                    "the file says that it is not YAML 1.2, expected '%YAML 1.2' or nothing");
        }
        Event root = events.next();
        boolean braced = root instanceof CollectionStartEvent collection && collection.isFlow();
        Node node = node(root, 0);
        Event end = events.next();
        boolean closed = end instanceof DocumentEndEvent documentEnd && documentEnd.isExplicit();
        Event next = events.next();
        if (next instanceof DocumentStartEvent) {
            throw new Stop(
                    place(next),
                    ProblemCode.SEVERAL_DOCUMENTS,
                    "a second document begins here, expected one document in a file");
        }
        if (version.isPresent() && !closed) {
            throw new Stop(
                    place(next),
                    ProblemCode.CUT_SHORT,
                    "the file opens with '%YAML' and does not end with '...', so its end is"
                            + " missing");
        }
        if (!braced && !closed && !text.endsWith("\n")) {
            problems.warning(
                    placeOf(text.codePointCount(0, text.length())),
                    "",
                    ProblemCode.NO_FINAL_NEWLINE,
                    "the last line does not end; the file may have been cut short");
        }
        return node;
    }

    private Node node(Event event, int depth) throws Stop {
        composed++;
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        if (!(event instanceof NodeEvent start)) {
            throw new Stop(place(event), ProblemCode.SYNTAX, "expected a value");
        }
        long before = composed;
        String anchor = start.getAnchor().map(a -> a.getValue()).orElse(null);
        if (anchor != null) {
            anchors.remove(anchor);
            openAnchors.add(anchor);
        }
        Node node;
        if (event instanceof ScalarEvent scalar) {
            refuseTag(event, scalar.getTag());
            node = new Scalar(place(event), scalar.getValue(), scalar.getValue(), scalar.isPlain());
        } else {
            CollectionStartEvent collection = (CollectionStartEvent) event;
            refuseTag(event, collection.getTag());
            if (depth == MAX_DEPTH) {
                throw new Stop(
                        place(event),
                        ProblemCode.TOO_DEEP,
                        "more than " + MAX_DEPTH + " lists and mappings inside each other");
            }
            node =
                    event.getEventId() == Event.ID.SequenceStart
                            ? sequence(event, depth + 1)
                            : mapping(event, depth + 1);
        }
        if (anchor != null) {
            openAnchors.remove(anchor);
            anchors.put(anchor, new Anchored(node, composed - before + 1));
        }
        return node;
    }

    private Sequence sequence(Event start, int depth) throws Stop {
        List<Node> items = new ArrayList<>();
        for (Event event = events.next();
                event.getEventId() != Event.ID.SequenceEnd;
                event = events.next()) {
            items.add(node(event, depth));
        }
        return new Sequence(place(start), items);
    }

    private Mapping mapping(Event start, int depth) throws Stop {
        Map<String, Member> members = new LinkedHashMap<>();
        for (Event event = events.next();
                event.getEventId() != Event.ID.MappingEnd;
                event = events.next()) {
            Place place = place(event);
            Node key = node(event, depth);
            Node value = node(events.next(), depth);
            if (event instanceof AliasEvent || !(key instanceof Scalar scalar)) {
                problems.error(
                        place,
                        "",
                        ProblemCode.KEY_NOT_TEXT,
                        "found " + key.shown() + " as a key, expected a name");
                continue;
            }
            Member former = members.putIfAbsent(scalar.text(), new Member(place, value));
            if (former != null) {
                problems.error(
                        place,
                        "",
                        ProblemCode.DUPLICATE_KEY,
                        "the key "
                                + Node.quote(scalar.text())
                                + " stands here a second time; the first is in line "
                                + former.key().line());
            }
        }
        return new Mapping(place(start), Collections.unmodifiableMap(members));
    }

    private Node alias(AliasEvent event) throws Stop {
        String name = event.getAlias().getValue();
        Anchored anchored = anchors.get(name);
        if (anchored == null) {
            String reason =
                    openAnchors.contains(name)
                            ? "' stands inside what it names"
                            : "' has no anchor '&"
                                    + name
                                    + "' before it in this file; a value that begins with '*' needs"
                                    + " quotes";
            problems.error(place(event), "", ProblemCode.ALIAS, "the alias '*" + name + reason);
            Scalar none = new Scalar(place(event), "", "", true);
            problems.faulty(none);
            return none;
        }
        composed += anchored.nodes;
        unfolded += anchored.nodes;
        if (unfolded > MAX_UNFOLDED) {
            throw new Stop(
                    place(event),
                    ProblemCode.ALIAS,
                    "the aliases up to here stand for more than " + MAX_UNFOLDED + " values");
        }
        return anchored.node;
    }

    private void refuseTag(Event event, Optional<String> tag) {
        if (tag.isPresent()) {
            String shown = tag.get().replace("tag:yaml.org,2002:", "!!");
            problems.error(
                    place(event),
                    "",
                    ProblemCode.TAG,
                    "the value has the tag " + Node.quote(shown) + ", expected none");
        }
    }

    /** Turns what the parser says into what an operator can act on. */
    private void report(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        Place at = e.getProblemMark().map(this::place).orElse(Place.whole(file));
        boolean atEnd =
                problem.contains("stream end")
                        || problem.contains("end of stream")
                        || e.getProblemMark()
                                .map(m -> m.getIndex() >= text.codePointCount(0, text.length()))
                                .orElse(false);
        if (atEnd) {
            String begun =
                    e.getContextMark()
                            .map(m -> unfinished(e) + " begun in line " + (m.getLine() + 1))
                            .orElse("something unfinished");
            problems.error(
                    at,
                    "",
                    ProblemCode.CUT_SHORT,
                    "the file ends in the middle of " + begun + "; it may have been cut short");
            return;
        }
        String message;
        if (problem.startsWith("mapping values are not allowed")) {
            message =
                    "a ':' that cannot belong to a key; check how far this line and the one before"
                            + " are indented, and put values with ': ' in quotes";
        } else if (problem.contains("\\t(TAB)")) {
            message = "a tab in the indentation, expected spaces";
        } else if (problem.contains("that cannot start any token")) {
            message = "a value cannot begin with this character; put the value in quotes";
        } else if (problem.startsWith("expected the node content, but found ':'")) {
            message = "a value that begins with ':' needs quotes inside brackets or braces";
        } else if (problem.startsWith("expected ',' or")) {
            message =
                    problem.substring(0, "expected ',' or ']'".length())
                            + " in the list or mapping begun in line "
                            + e.getContextMark().map(m -> m.getLine() + 1).orElse(0)
                            + "; put values with brackets or braces in quotes";
        } else if (problem.startsWith("expected <block end>")) {
            message =
                    "does not continue what was begun in line "
                            + e.getContextMark().map(m -> m.getLine() + 1).orElse(0)
                            + "; check how far this line is indented";
        } else {
            message = (e.getContext() == null ? "" : e.getContext() + ": ") + problem;
        }
        problems.error(at, "", ProblemCode.SYNTAX, message);
    }

    private static String unfinished(MarkedYamlEngineException e) {
        String context = String.valueOf(e.getContext());
        if (context.contains("quoted")) {
            return "a text in quotes";
        }
        return context.contains("sequence") ? "a list" : "a mapping";
    }

    private Place place(Event event) {
        return event.getStartMark().map(this::place).orElse(Place.whole(file));
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** The place of the character with the given index, counted in code points. */
    private Place placeOf(int index) {
        int line = 1;
        int column = 1;
        int at = 0;
        for (int count = 0; count < index && at < text.length(); count++) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            column++;
            if (c == '\n') {
                line++;
                column = 1;
            }
        }
        return new Place(file, line, column);
    }

    /** Ends the reading of a file that cannot be understood any further. */
    private static final class Stop extends Exception {
        private final Place place;
        private final ProblemCode code;

        Stop(Place place, ProblemCode code, String message) {
            super(message, null, false, false);
            this.place = place;
            this.code = code;
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
