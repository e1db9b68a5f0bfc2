package io.weir.launcher.command;

import io.weir.control.store.Json;
import io.weir.rule.RuleTrial;
import io.weir.rule.RulesRefusedException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the tests of rules. */
@Command(
        name = "test",
        description =
                "Runs tests of rules: a file route.test.js tests the rule route.js beside it.")
final class RuleTestCommand extends WeirCommand {

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files of tests, or directories with them.")
    List<Path> paths = new ArrayList<>();

    @Mixin Output output = new Output();

    RuleTestCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        RuleTrial trial = RuleFiles.engine().trial();
        List<Object> documents = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        int failures = 0;
        for (Path file : RuleFiles.tests(paths)) {
            for (RuleTrial.Result result : results(trial, file)) {
                String failure = result.failure();
                failures += failure == null ? 0 : 1;
                documents.add(Json.object("file", file, "test", result.name(), "failure", failure));
                lines.add(
                        (failure == null ? "ok    " : "FAILED ")
                                + file
                                + ": "
                                + result.name()
                                + (failure == null ? "" : ": " + failure));
            }
        }
        if (!output.print(console, Json.object("tests", documents, "failures", failures))) {
            lines.forEach(console::print);
            console.print(RuleFiles.count(lines.size(), "test") + ", " + failures + " failed");
        }
        return failures == 0 && !lines.isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private static List<RuleTrial.Result> results(RuleTrial trial, Path file)
            throws CommandFailedException {
        try {
            return trial.test(RuleFiles.read(RuleFiles.ruleOf(file)), RuleFiles.read(file));
        } catch (RulesRefusedException e) {
            return List.of(new RuleTrial.Result("is a sound program", e.getMessage()));
        }
    }
}
