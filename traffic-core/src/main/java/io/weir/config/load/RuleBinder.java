package io.weir.config.load;

import io.weir.config.RuleConfig;
import io.weir.config.RuleUse;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes rules and the lists of them in virtual servers; see {@link Binder}. */
final class RuleBinder {

    private static final List<String> LISTS =
            List.of("request-rules", "response-rules", "completion-rules");

    private static final String DIRECTORY = "rules";
    private static final String SUFFIX = ".js";

    private final Path directory;
    private final Files files;
    private final Problems problems;
    private final Map<String, RuleConfig> rules = new LinkedHashMap<>();
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** Reads the file of a rule, which from then on belongs to the configuration. */
    @FunctionalInterface
    interface Files {
        String read(Path file) throws IOException;
    }

    RuleBinder(Path directory, Files files, Problems problems) {
        this.directory = directory;
        this.files = files;
        this.problems = problems;
    }

    Map<String, RuleConfig> rules() {
        return rules;
    }

    /** The rules that stand in the section {@code rules}. */
    Map<String, Member> members() {
        return members;
    }

    /** Reads the rules of the section {@code rules}. */
    void catalog(Section root) {
        if (root.node("rules") instanceof Mapping mapping) {
            mapping.members().forEach(this::listed);
        }
    }

    private void listed(String name, Member member) {
        if (problems.isFaulty(member.value()) || !(member.value() instanceof Scalar scalar)) {
            return;
        }
        members.put(name, member);
        String path = StructureCheck.path("rules", name);
        String source = "";
        Path file = directory;
        try {
            file = directory.resolve(scalar.text()).toAbsolutePath().normalize();
            source = files.read(file);
        } catch (InvalidPathException e) {
            unreadable(scalar, path, "it is not a path");
        } catch (IOException e) {
            unreadable(scalar, path, SourceFiles.reason(e));
        }
        rules.put(name, new RuleConfig(name, file, source));
    }

    private void unreadable(Scalar file, String path, String reason) {
        problems.error(
                file.place(),
                path,
                ProblemCode.RULE_FILE,
                path + ": the file " + file.shown() + " cannot be read: " + reason);
    }

    /** Reads rules that the lists of a virtual server name and that are files of {@code rules/}. */
    void findNamed(Section server) {
        for (String key : LISTS) {
            for (RuleUse use : uses(server, key)) {
                if (!rules.containsKey(use.rule())) {
                    named(use.rule());
                }
            }
        }
    }

    /** The same for a rule that something else names; null for none. */
    void findNamed(@Nullable String name) {
        if (name != null && !rules.containsKey(name)) {
            named(name);
        }
    }

    private void named(String name) {
        Path file;
        try {
            file = directory.resolve(DIRECTORY).resolve(name + SUFFIX).normalize();
        } catch (InvalidPathException e) {
            return; // The check of references says that there is no such rule.
        }
        if (!java.nio.file.Files.isRegularFile(file)) {
            return;
        }
        try {
            rules.put(name, new RuleConfig(name, file.toAbsolutePath(), files.read(file)));
        } catch (IOException e) {
            problems.error(
                    Place.whole(file),
                    "",
                    ProblemCode.RULE_FILE,
                    "the rule " + file + " cannot be read: " + SourceFiles.reason(e));
        }
    }

    /** A list of rules in a virtual server. */
    List<RuleUse> uses(Section server, String key) {
        List<RuleUse> uses = new ArrayList<>();
        if (!(server.node(key) instanceof Sequence sequence)) {
            return uses;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            if (problems.isFaulty(item)) {
                continue;
            }
            if (item instanceof Scalar scalar) {
                uses.add(new RuleUse(scalar.text(), true, RuleUse.Run.EVERY));
            } else {
                Section s = server.item(key, i);
                if (s.node("rule") instanceof Scalar rule) {
                    uses.add(
                            new RuleUse(
                                    rule.text(),
                                    s.flag("enabled"),
                                    s.choice("run", RuleUse.Run.class)));
                }
            }
        }
        return uses;
    }
}
