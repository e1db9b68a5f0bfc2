package io.weir.launcher.command;

import io.weir.control.ConfigSource;
import io.weir.control.managed.ManagedSource;
import io.weir.control.store.Directories;
import io.weir.launcher.process.FileSource;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/** Serves what a configuration file says. */
@Command(
        name = "run",
        description = {
            "Serves what a configuration file says, until it is stopped.",
            "A changed file is put in force by itself; weir reload does it at once.",
            "Without a file, serves the managed store in the state directory, which is changed with"
                    + " weir import and weir apply, and through the interfaces."
        },
        footer = {
            "",
            "Examples:",
            "  weir run /etc/weir/weir.yaml",
            "  weir run edge.yaml --name edge",
            "  weir run"
        })
final class RunCommand extends WeirCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The main configuration file. Without it, the managed store.")
    @Nullable Path file;

    @Mixin ServerOptions server = new ServerOptions();

    RunCommand(Console console) {
        super(console);
    }

    @Override
    boolean takes(List<String> words) {
        if (words.size() == 1) {
            file = Path.of(words.getFirst());
        }
        return words.size() <= 1;
    }

    @Override
    public Integer call() throws CommandFailedException {
        Directories directories = server.directories(console);
        Map<String, String> variables = console.machine().environment();
        Path main = file;
        return Serving.serve(
                console,
                () ->
                        Serving.start(
                                console,
                                source(main, directories, variables),
                                main != null,
                                directories),
                status -> {});
    }

    private static ConfigSource source(
            @Nullable Path main, Directories directories, Map<String, String> variables) {
        return main == null
                ? new ManagedSource(
                        directories.state().resolve("store"),
                        variables,
                        new SecureRandom(),
                        Ticker.system())
                : new FileSource(main, variables);
    }
}
