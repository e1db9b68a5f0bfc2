package io.weir.launcher.command;

import io.weir.launcher.process.FileSource;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;

/** Serves what a configuration file says. */
@Command(
        name = "run",
        description = {
            "Serves what a configuration file says, until it is stopped.",
            "A changed file is put in force by itself; weir reload does it at once."
        },
        footer = {
            "",
            "Examples:",
            "  weir run /etc/weir/weir.yaml",
            "  weir run edge.yaml --name edge"
        })
final class RunCommand extends WeirCommand {

    @Parameters(paramLabel = "FILE", description = "The main configuration file.")
    Path file = Path.of("");

    @Mixin ServerOptions server = new ServerOptions();

    RunCommand(Console console) {
        super(console);
    }

    @Override
    boolean takes(List<String> words) {
        if (words.size() == 1) {
            file = Path.of(words.getFirst());
        }
        return words.size() == 1;
    }

    @Override
    public Integer call() throws CommandFailedException {
        FileSource source = new FileSource(file, console.machine().environment());
        return Serving.serve(
                console,
                Serving.start(console, source, true, server.directories(console)),
                status -> {});
    }
}
