package io.weir.launcher.command;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;

/** Prints a script that completes words of the command line. */
@Command(
        name = "completion",
        description = "Prints a script that completes words on the command line.",
        footer = {
            "",
            "Examples:",
            "  source <(weir completion bash)                                 # also for zsh",
            "  weir completion fish > ~/.config/fish/completions/weir.fish"
        })
final class CompletionCommand extends WeirCommand {

    @Parameters(paramLabel = "SHELL", description = "One of bash, zsh and fish.")
    String shell = "";

    CompletionCommand(Console console) {
        super(console);
    }

    @Override
    boolean takes(List<String> words) {
        return false;
    }

    @Override
    public Integer call() throws CommandFailedException {
        CommandLine all = Picocli.whole(console);
        switch (shell) {
            case "bash", "zsh" -> console.out().println(AutoComplete.bash("weir", all));
            case "fish" -> fish(all.getCommandSpec());
            default ->
                    throw new CommandFailedException(
                            ExitCode.USAGE,
                            "the shell is '" + shell + "', expected bash, zsh or fish");
        }
        console.out().flush();
        return ExitCode.OK;
    }

    private void fish(CommandSpec weir) {
        console.out().println("complete -c weir -f");
        for (Map.Entry<String, CommandLine> each : weir.subcommands().entrySet()) {
            CommandSpec command = each.getValue().getCommandSpec();
            if (command.usageMessage().hidden()) {
                continue;
            }
            console.out()
                    .println(
                            "complete -c weir -n __fish_use_subcommand -a "
                                    + each.getKey()
                                    + " -d "
                                    + quoted(first(command.usageMessage().description())));
            for (OptionSpec option : command.options()) {
                StringBuilder line = new StringBuilder("complete -c weir -n ");
                line.append(quoted("__fish_seen_subcommand_from " + each.getKey()));
                for (String name : option.names()) {
                    line.append(name.startsWith("--") ? " -l " : " -s ");
                    line.append(name.replaceFirst("^--?", ""));
                }
                line.append(option.arity().max() > 0 ? " -r -F" : "");
                line.append(" -d ").append(quoted(first(option.description())));
                console.out().println(line);
            }
            if (takesFile(command)) {
                console.out()
                        .println(
                                "complete -c weir -F -n "
                                        + quoted("__fish_seen_subcommand_from " + each.getKey()));
            }
        }
    }

    private static boolean takesFile(CommandSpec command) {
        return command.positionalParameters().stream().anyMatch(p -> p.paramLabel().equals("FILE"));
    }

    private static String first(String[] lines) {
        return lines.length == 0 ? "" : lines[0];
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
