package io.weir.launcher.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is done with the copy of the managed store that is kept elsewhere. */
@Command(
        name = "backup",
        description = "Tries out the copy of the managed store that is kept elsewhere.",
        footer = {"", "Example:", "  weir backup drill"})
final class BackupCommand extends WeirCommand {

    BackupCommand(Console console) {
        super(console);
    }

    @Override
    List<WeirCommand> subcommands() {
        return List.of(new Drill(console));
    }

    @Override
    public Integer call() throws CommandFailedException {
        throw new CommandFailedException(
                ExitCode.USAGE, "the word drill is missing, expected: weir backup drill");
    }

    @Command(
            name = "drill",
            description = {
                "Fetches the copy, loads a configuration from it, and prints what would be lost"
                        + " (RPO)",
                "and how long that took (RTO, to which the start of the process comes). Nothing is"
                        + " changed."
            },
            footer = {"", "Example:", "  weir backup drill -o json"})
    static final class Drill extends WeirCommand {

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Drill(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Object answer = Remote.call(console, instance, output, "backup-drill", Map.of());
            Document drill = Document.of(answer);
            List<String> missing = drill.texts("missing-secrets");
            if (!output.print(console, answer)) {
                console.print(
                        "RPO "
                                + drill.text("rpo-seconds")
                                + " s: the copy has revision "
                                + drill.text("revision")
                                + ", in force is "
                                + drill.text("present"));
                console.print(
                        String.format(
                                Locale.ROOT,
                                "RTO %.1f s: fetched and loaded",
                                drill.number("rto-millis") / 1000.0));
                if (!missing.isEmpty()) {
                    console.print(
                            "the copy lacks the secrets "
                                    + String.join(", ", missing)
                                    + "; set global.backup.passphrase, or keep the directory"
                                    + " store/secrets elsewhere");
                }
            }
            return missing.isEmpty() ? ExitCode.OK : ExitCode.PARTIAL;
        }
    }
}
