package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The problems of one load, in the making. Confined to the thread that loads. */
final class Problems {

    private final Set<Problem> found = new LinkedHashSet<>();
    private final List<Path> files = new ArrayList<>();
    private final Set<Node> faulty = Collections.newSetFromMap(new IdentityHashMap<>());
    private int errors;

    /** Notes that {@code file} is read next; problems are sorted in this order. */
    void reading(Path file) {
        files.add(file);
    }

    void error(Place place, String path, ProblemCode code, String message) {
        error(place, path, code, message, null);
    }

    void error(
            Place place,
            String path,
            ProblemCode code,
            String message,
            @Nullable String suggestion) {
        errors++;
        add(place, path, code, Problem.Severity.ERROR, message, suggestion);
    }

    void warning(Place place, String path, ProblemCode code, String message) {
        add(place, path, code, Problem.Severity.WARNING, message, null);
    }

    private void add(
            Place place,
            String path,
            ProblemCode code,
            Problem.Severity severity,
            String message,
            @Nullable String suggestion) {
        found.add(
                new Problem(
                        place.file(),
                        place.line(),
                        place.column(),
                        path,
                        code,
                        severity,
                        message,
                        suggestion));
    }

    /** Notes that {@code node} has been complained about and has no usable value. */
    void faulty(Node node) {
        faulty.add(node);
    }

    boolean isFaulty(Node node) {
        return faulty.contains(node);
    }

    boolean hasErrors() {
        return errors > 0;
    }

    /** How many errors have been reported so far. */
    int errors() {
        return errors;
    }

    List<Problem> sorted() {
        List<Problem> all = new ArrayList<>(found);
        all.sort(
                Comparator.comparingInt((Problem p) -> rank(p.file()))
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column));
        return List.copyOf(all);
    }

    /** Files that are complained about without having been read come last. */
    private int rank(Path file) {
        int at = files.indexOf(file);
        return at < 0 ? files.size() : at;
    }
}
