package io.weir.config.load;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Follows the names by which virtual servers and pools refer to classes. */
final class ClassReferences {

    private final Draft draft;
    private final Problems problems;

    ClassReferences(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
    }

    void check() {
        Set<String> protection = new HashSet<>();
        Set<String> bandwidth = new HashSet<>();
        for (Section server : draft.virtualServers().values()) {
            refer(server, "protection", "protection", draft.protectionClasses(), protection);
            refer(server, "rate", "rate", draft.rateClasses(), new HashSet<>());
            refer(server, "bandwidth", "bandwidth", draft.bandwidthClasses(), bandwidth);
        }
        for (Section pool : draft.pools().values()) {
            refer(pool, "bandwidth", "bandwidth", draft.bandwidthClasses(), bandwidth);
        }
        // Rate and bandwidth classes may be there for rules alone.
        unused("protection", draft.protectionClasses(), protection);
        if (draft.config().rules().isEmpty()) {
            unused("bandwidth", draft.bandwidthClasses(), bandwidth);
        }
    }

    private void refer(
            Section from, String key, String kind, Map<String, Section> known, Set<String> used) {
        String name = from.textOrNull(key);
        if (name == null) {
            return;
        }
        String nearest = known.containsKey(name) ? name : Nearest.to(name, known.keySet());
        if (nearest != null) {
            used.add(nearest);
        }
        if (!known.containsKey(name)) {
            problems.error(
                    from.place(key),
                    from.path(key),
                    ProblemCode.UNKNOWN_CLASS,
                    from.path(key) + ": there is no " + kind + " class " + from.shown(key),
                    nearest);
        }
    }

    private void unused(String kind, Map<String, Section> classes, Set<String> used) {
        classes.forEach(
                (name, section) -> {
                    if (!used.contains(name)) {
                        problems.warning(
                                section.place(),
                                section.path(),
                                ProblemCode.UNUSED_CLASS,
                                "nothing names the " + kind + " class '" + name + "'");
                    }
                });
    }
}
