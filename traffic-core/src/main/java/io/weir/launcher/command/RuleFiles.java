package io.weir.launcher.command;

import io.weir.config.RuleConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.Problem;
import io.weir.config.load.ProblemCode;
import io.weir.control.RulePrograms;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleProblem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files of rules and of their tests, as the commands name them. */
final class RuleFiles {

    static final String TEST = ".test.js";
    private static final String RULE = ".js";

    private RuleFiles() {}

    /** The engine that runs rules. */
    static RuleEngine engine() throws CommandFailedException {
        RuleEngine engine = RuleEngine.find();
        if (engine == null) {
            throw new CommandFailedException(ExitCode.REFUSED, "the rules engine is not installed");
        }
        return engine;
    }

    /** What is wrong with the programs of the rules of {@code config}, and with what they read. */
    static List<Problem> problems(WeirConfig config) {
        Path database = config.global().locationDatabase();
        if (config.rules().isEmpty() && database == null) {
            return List.of();
        }
        RuleEngine engine = RuleEngine.find();
        List<RuleProblem> found = new ArrayList<>();
        for (RuleConfig rule : config.rules().values()) {
            if (engine == null) {
                found.add(new RuleProblem(rule.name(), 0, 0, "the rules engine is not installed"));
            } else {
                found.addAll(engine.check(rule));
            }
        }
        List<Problem> problems = new ArrayList<>(RulePrograms.problems(found, config.rules()));
        String wrong =
                database == null || engine == null ? null : engine.problemOfLocations(database);
        if (database != null && wrong != null) {
            problems.add(
                    new Problem(
                            database,
                            0,
                            0,
                            "global.location-database",
                            ProblemCode.RESOURCE_FILE,
                            Problem.Severity.WARNING,
                            "the location database cannot be read, so no place is known: " + wrong,
                            null));
        }
        return problems;
    }

    /** The rule in {@code file}, called as its file is. */
    static RuleConfig read(Path file) throws CommandFailedException {
        String name = file.getFileName().toString();
        String rule = name.endsWith(RULE) ? name.substring(0, name.length() - 3) : name;
        try {
            return new RuleConfig(rule, file.toAbsolutePath(), Files.readString(file));
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "the file " + file + " cannot be read: " + e);
        }
    }

    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** The rules among {@code paths} and in the directories among them. */
    static List<Path> rules(List<Path> paths) throws CommandFailedException {
        return find(paths, false);
    }

    /** The tests among {@code paths} and in the directories among them. */
    static List<Path> tests(List<Path> paths) throws CommandFailedException {
        return find(paths, true);
    }

    private static List<Path> find(List<Path> paths, boolean tests) throws CommandFailedException {
        List<Path> found = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                found.add(path);
                continue;
            }
            try (Stream<Path> files = Files.walk(path)) {
                files.filter(f -> f.toString().endsWith(RULE))
                        .filter(f -> f.toString().endsWith(TEST) == tests)
                        .sorted()
                        .forEach(found::add);
            } catch (IOException e) {
                throw new CommandFailedException(
                        ExitCode.REFUSED, "the directory " + path + " cannot be read: " + e);
            }
        }
        return found;
    }

    /** The rule that the tests in {@code file} are for, which stands beside them. */
    static Path ruleOf(Path file) throws CommandFailedException {
        String name = file.getFileName().toString();
        if (!name.endsWith(TEST)) {
            throw new CommandFailedException(
                    ExitCode.USAGE, file + " has no tests, expected a file *" + TEST);
        }
        return file.resolveSibling(name.substring(0, name.length() - TEST.length()) + RULE);
    }
}
