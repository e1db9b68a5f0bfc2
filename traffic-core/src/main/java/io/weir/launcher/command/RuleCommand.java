package io.weir.launcher.command;

import picocli.CommandLine.Command;

import java.util.List;

/** Checks, tests and tries rules. */
@Command(
        name = "rule",
        description =
                "Checks, tests and tries rules without traffic; no running Weir is needed, and no"
                        + " server is asked.",
        footer = {
            "",
            "Examples:",
            "  weir rule check rules/route.js",
            "  weir rule test rules",
            "  weir rule trace rules/route.js --exchange request.json"
        })
final class RuleCommand extends WeirCommand {

    RuleCommand(Console console) {
        super(console);
    }

    @Override
    List<WeirCommand> subcommands() {
        return List.of(
                new RuleCheckCommand(console),
                new RuleTestCommand(console),
                new RuleTraceCommand(console));
    }

    @Override
    public Integer call() throws CommandFailedException {
        throw new CommandFailedException(
                ExitCode.USAGE,
                "what to do is missing, expected: weir rule check, test or trace; see weir rule"
                        + " --help");
    }
}
