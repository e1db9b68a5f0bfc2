package io.weir.launcher.command;

import io.weir.control.store.Json;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleProblem;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says whether rules are sound programs. */
@Command(
        name = "check",
        description = "Says where rules are no sound programs, with line and column.")
final class RuleCheckCommand extends WeirCommand {

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files of rules, or directories with them.")
    List<Path> paths = new ArrayList<>();

    @Mixin Output output = new Output();

    RuleCheckCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        RuleEngine engine = RuleFiles.engine();
        List<Object> documents = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        List<Path> files = RuleFiles.rules(paths);
        for (Path file : files) {
            for (RuleProblem problem : engine.check(RuleFiles.read(file))) {
                documents.add(
                        Json.object(
                                "file", file,
                                "line", problem.line(),
                                "column", problem.column(),
                                "message", problem.text()));
                lines.add(
                        file
                                + ":"
                                + problem.line()
                                + ":"
                                + problem.column()
                                + ": error: "
                                + problem.text());
            }
        }
        if (!output.print(console, Json.object("rules", files.size(), "problems", documents))) {
            lines.forEach(console::print);
            console.print(
                    RuleFiles.count(files.size(), "rule")
                            + ", "
                            + RuleFiles.count(lines.size(), "error"));
        }
        return lines.isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }
}
