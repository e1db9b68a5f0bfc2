package io.weir.launcher.command;

import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.ConfigWriter;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;

/** Shows configurations in other forms. */
@Command(
        name = "config",
        description = "Shows a configuration in another form.",
        footer = {"", "Example:", "  weir config canonical weir.yaml"})
final class ConfigCommand extends WeirCommand {

    ConfigCommand(Console console) {
        super(console);
    }

    @Override
    List<WeirCommand> subcommands() {
        return List.of(new Canonical(console));
    }

    @Override
    public Integer call() throws CommandFailedException {
        throw new CommandFailedException(
                ExitCode.USAGE, "the form is missing, expected: weir config canonical FILE");
    }

    @Command(
            name = "canonical",
            description =
                    "Prints the configuration complete, with every default, short forms unfolded"
                            + " and secrets hidden.",
            footer = {"", "Example:", "  weir config canonical weir.yaml"})
    static final class Canonical extends WeirCommand {

        @Parameters(paramLabel = "FILE", description = "The main configuration file.")
        Path file = Path.of("");

        Canonical(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Loaded loaded =
                    ConfigLoader.load(file, Environment.of(console.machine().environment(), file));
            WeirConfig config = loaded.config();
            if (config == null) {
                loaded.errors().forEach(p -> console.complain(p.toString()));
                throw new CommandFailedException(
                        ExitCode.REFUSED, file + " has errors, expected a valid configuration");
            }
            console.out().print(ConfigWriter.canonical(config));
            console.out().flush();
            return ExitCode.OK;
        }
    }
}
