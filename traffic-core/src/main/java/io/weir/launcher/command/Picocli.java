package io.weir.launcher.command;

import io.weir.control.Extension;
import io.weir.launcher.process.Extensions;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;

/**
 * The commands as picocli sees them. When the first word is the name of a built-in command, only
 * that one is made, because reading the annotations of all of them takes time.
 */
final class Picocli {

    private Picocli() {}

    /** What {@code weir} is without a subcommand. */
    @Command(
            name = "weir",
            description =
                    "Weir, an application traffic manager: a reverse proxy with pools of nodes.",
            commandListHeading = "%nCommands:%n",
            footer = {
                "",
                "First steps:",
                "  weir demo                                   see it work",
                "  weir proxy :8080 10.0.0.1:80 10.0.0.2:80    balance two nodes, no file needed",
                "  weir check weir.yaml                        find what is wrong with a file",
                "  weir run weir.yaml                          serve what it says",
                "",
                "Exit codes: 0 done; 1 refused or invalid; 2 wrong usage; 3 no running Weir"
                        + " reached;",
                "4 conflict; 5 done in part."
            })
    private static final class Root extends WeirCommand {
        Root(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            throw new CommandFailedException(
                    ExitCode.USAGE, "the command is missing; see weir --help");
        }
    }

    static int execute(Console console, List<String> words) {
        String name = words.isEmpty() ? "" : words.getFirst();
        CommandLine line =
                CommandTree.BUILT_IN.containsKey(name) ? alone(console, name) : whole(console);
        if (words.isEmpty()) {
            line.usage(console.err());
            return ExitCode.USAGE;
        }
        return line.execute(words.toArray(String[]::new));
    }

    /** The tree with every command, those of extensions included. */
    static CommandLine whole(Console console) {
        CommandLine root = root(console);
        CommandTree.BUILT_IN.keySet().forEach(name -> add(root, console, name));
        for (Extension extension : Extensions.find(console::complain)) {
            try {
                extension.commands().forEach(root::addSubcommand);
            } catch (RuntimeException e) {
                console.complain("the commands of extension " + extension.name() + ": " + e);
            }
        }
        return configured(root, console);
    }

    private static CommandLine alone(Console console, String name) {
        CommandLine root = root(console);
        add(root, console, name);
        return configured(root, console);
    }

    private static CommandLine root(Console console) {
        return new CommandLine(new Root(console));
    }

    private static void add(CommandLine root, Console console, String name) {
        Function<Console, WeirCommand> make = CommandTree.BUILT_IN.get(name);
        if (make != null) {
            WeirCommand made = make.apply(console);
            CommandLine command = new CommandLine(made);
            made.subcommands().forEach(command::addSubcommand);
            root.addSubcommand(name, command);
        }
    }

    /** Settings that picocli passes on to the subcommands there are, and not to later ones. */
    private static CommandLine configured(CommandLine root, Console console) {
        IParameterExceptionHandler misused =
                (e, arguments) -> {
                    CommandSpec command = e.getCommandLine().getCommandSpec();
                    console.complain(misuse(e) + "; see " + command.qualifiedName() + " --help");
                    return ExitCode.USAGE;
                };
        return root.setOut(writer(console.out()))
                .setErr(writer(console.err()))
                .setExecutionExceptionHandler((e, line, parsed) -> CommandTree.failure(console, e))
                .setParameterExceptionHandler(misused)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    private static String misuse(CommandLine.ParameterException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            if (e.getCommandLine().getParent() == null && !word.startsWith("-")) {
                message = "there is no command '" + word + "'";
            }
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                message += "; did you mean " + String.join(" or ", near) + "?";
            }
        }
        return message;
    }
}
