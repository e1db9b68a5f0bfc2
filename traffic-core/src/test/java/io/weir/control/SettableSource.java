package io.weir.control;

import io.weir.config.WeirConfig;
import io.weir.config.load.KeptConfig;
import io.weir.config.load.Problem;
import io.weir.config.load.ProblemCode;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A source whose content a test sets; a canonical text is the number of a configuration. */
public final class SettableSource implements ConfigSource {

    private final Map<String, WeirConfig> kept = new HashMap<>();
    private @Nullable WeirConfig config;
    private String hash = "";
    private List<Path> watched = List.of();
    private int reads;

    public SettableSource(WeirConfig config) {
        set(config);
    }

    /** Another source, as after a restart, that knows the same canonical texts. */
    public SettableSource afterRestart() {
        SettableSource next = new SettableSource(Configs.web("none:1"));
        next.kept.putAll(kept);
        next.config = config;
        next.hash = hash;
        next.watched = watched;
        return next;
    }

    public synchronized void set(WeirConfig next) {
        config = next;
        hash = "good " + kept.size();
        kept.put("text " + kept.size(), next);
    }

    public synchronized void breakWith(String content) {
        config = null;
        hash = "broken " + content;
    }

    public synchronized void watch(Path... paths) {
        watched = List.of(paths);
    }

    public synchronized int reads() {
        return reads;
    }

    @Override
    public String name() {
        return "weir.yaml";
    }

    @Override
    public synchronized Candidate read() {
        reads++;
        WeirConfig present = config;
        if (present == null) {
            Problem problem =
                    new Problem(
                            Path.of("weir.yaml"),
                            3,
                            5,
                            "virtual-servers.web",
                            ProblemCode.UNKNOWN_KEY,
                            Problem.Severity.ERROR,
                            "unknown key 'lisen'",
                            "listen");
            return new Candidate(null, List.of(problem), watched, hash, null);
        }
        String text =
                kept.entrySet().stream()
                        .filter(e -> e.getValue().equals(present))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow();
        return new Candidate(
                present, List.of(), watched, hash, () -> new KeptConfig(text, Map.of()));
    }

    @Override
    public synchronized Candidate restore(KeptConfig good) {
        return new Candidate(kept.get(good.text()), List.of(), watched, good.text(), null);
    }
}
