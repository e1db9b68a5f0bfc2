package io.weir.config.load;

import io.weir.config.PersistenceConfig;
import io.weir.config.PersistenceConfig.FailureMode;
import io.weir.config.PersistenceConfig.Type;
import io.weir.config.Secret;

/** Looks for keys of persistence classes that are missing, or that say nothing to their type. */
final class PersistenceCheck {

    /** Fewer characters could be found by trying. */
    private static final int SHORTEST_KEY = 16;

    private final Draft draft;
    private final Problems problems;

    PersistenceCheck(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
    }

    void check() {
        draft.persistenceClasses().forEach(this::persistence);
        Secret key = draft.config().global().clusterKey();
        if (key != null && key.reveal().length() < SHORTEST_KEY) {
            Section s = draft.global();
            problems.error(
                    s.place("cluster-key"),
                    s.path("cluster-key"),
                    ProblemCode.MALFORMED,
                    s.path("cluster-key")
                            + ": found "
                            + key.reveal().length()
                            + " characters, expected at least "
                            + SHORTEST_KEY);
        }
    }

    private void persistence(String name, Section s) {
        PersistenceConfig config = draft.config().persistenceClasses().get(name);
        if (config == null || s.mapping() == null) {
            return;
        }
        Type type = config.type();
        String typeText = "the type is " + type.keyword();
        if (type == Type.COOKIE) {
            needs(s, "type", "cookie", typeText);
        } else {
            noEffect(s, "cookie", typeText);
        }
        if (config.failureMode() == FailureMode.URL) {
            needs(s, "failure-mode", "url", "the failure mode is url");
        } else {
            noEffect(s, "url", "the failure mode is not url");
        }
        if (config.failureMode() == FailureMode.NEW_NODE && !config.delete()) {
            noEffect(s, "delete", "a new node always ends the session on the old one");
        }
        if (type != Type.IP) {
            noEffect(s, "subnet-prefix-v4", typeText);
            noEffect(s, "subnet-prefix-v6", typeText);
        }
        if (!type.setsCookie()) {
            noEffect(s, "always-set-cookie", typeText);
            noEffect(s, "directives", typeText);
        }
        if (!type.remembered()) {
            noEffect(s, "max-entries", typeText);
        }
    }

    private void needs(Section s, String because, String key, String reason) {
        if (!s.has(key)) {
            problems.error(
                    s.place(because),
                    s.path(because),
                    ProblemCode.NEEDS_OTHER_KEY,
                    s.path() + ": " + reason + ", which needs the key '" + key + "'");
        }
    }

    private void noEffect(Section s, String key, String reason) {
        if (s.departs(key)) {
            problems.warning(
                    s.place(key),
                    s.path(key),
                    ProblemCode.NO_EFFECT,
                    s.path(key) + " has no effect: " + reason);
        }
    }
}
