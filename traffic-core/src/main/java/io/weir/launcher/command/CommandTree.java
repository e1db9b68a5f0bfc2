package io.weir.launcher.command;

import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * All commands of {@code weir}, and the way from words to one of them: plain words go straight to
 * their command, everything else through {@link Picocli}.
 */
public final class CommandTree {

    /** Every built-in command by its name, in the order of the help. */
    static final Map<String, Function<Console, WeirCommand>> BUILT_IN = builtIn();

    private CommandTree() {}

    private static Map<String, Function<Console, WeirCommand>> builtIn() {
        Map<String, Function<Console, WeirCommand>> commands = new LinkedHashMap<>();
        commands.put("run", RunCommand::new);
        commands.put("proxy", ProxyCommand::new);
        commands.put("demo", DemoCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("reload", ReloadCommand::new);
        commands.put("apply", ApplyCommands.Apply::new);
        commands.put("import", ApplyCommands.Import::new);
        commands.put("export", ExportCommand::new);
        commands.put("history", RevisionViews.History::new);
        commands.put("diff", RevisionViews.Diff::new);
        commands.put("rollback", RevisionViews.Rollback::new);
        commands.put("confirm", RevisionViews.Confirm::new);
        commands.put("audit", RevisionViews.Audit::new);
        commands.put("backup", BackupCommand::new);
        commands.put("restore", RestoreCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("connections", ConnectionsCommand::new);
        commands.put("events", EventsCommand::new);
        commands.put("action", ActionCommands.Group::new);
        commands.put("drain", NodeCommands.Drain::new);
        commands.put("undrain", NodeCommands.Undrain::new);
        commands.put("disable", NodeCommands.Disable::new);
        commands.put("enable", NodeCommands.Enable::new);
        commands.put("weight", NodeCommands.Weight::new);
        commands.put("cache", CacheCommands.Group::new);
        commands.put("safe", SafeCommand::new);
        commands.put("release", SafeCommand.Release::new);
        commands.put("config", ConfigCommand::new);
        commands.put("cert", CertCommand::new);
        commands.put("user", UserCommands.Group::new);
        commands.put("rule", RuleCommand::new);
        commands.put("schema", SchemaCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("version", VersionCommand::new);
        commands.put("train", TrainCommand::new);
        return commands;
    }

    /**
     * Does what {@code arguments} say.
     *
     * @return the exit code of the process
     */
    public static int execute(Console console, String... arguments) {
        List<String> words = List.of(arguments);
        Function<Console, WeirCommand> make =
                words.isEmpty() ? null : BUILT_IN.get(words.getFirst());
        if (make != null && words.stream().noneMatch(word -> word.startsWith("-"))) {
            WeirCommand command = make.apply(console);
            if (takes(command, words.subList(1, words.size()))) {
                return call(console, command);
            }
        }
        return Picocli.execute(console, words);
    }

    private static boolean takes(WeirCommand command, List<String> words) {
        try {
            return command.takes(words);
        } catch (InvalidPathException e) {
            return false; // Picocli says which of the words is no path.
        }
    }

    private static int call(Console console, WeirCommand command) {
        try {
            return command.call();
        } catch (Exception e) {
            return failure(console, e);
        }
    }

    /** Says in one line what went wrong. */
    static int failure(Console console, Exception e) {
        if (e instanceof CommandFailedException failure) {
            console.complain(String.valueOf(failure.getMessage()));
            return failure.exitCode();
        }
        console.complain("failed inside: " + e);
        return ExitCode.REFUSED;
    }
}
