package io.weir.launcher.command;

import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Loaded;
import io.weir.control.store.Directories;
import io.weir.launcher.process.FixedSource;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

/** Serves one virtual server without any file. */
@Command(
        name = "proxy",
        description = "Balances HTTP over some nodes, without any configuration file.",
        footer = {
            "",
            "Examples:",
            "  weir proxy :8080 10.0.0.11:80 10.0.0.12:80",
            "  weir proxy 127.0.0.1:8080 app.example:80"
        })
final class ProxyCommand extends WeirCommand {

    @Parameters(
            index = "0",
            paramLabel = "LISTEN",
            description = "Address and port, or only :PORT for every address.")
    String listen = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "NODE",
            description = "Host and port; without a port, 80.")
    List<String> nodes = new ArrayList<>();

    @Mixin ServerOptions server = new ServerOptions();

    ProxyCommand(Console console) {
        super(console);
    }

    @Override
    boolean takes(List<String> words) {
        if (words.size() >= 2) {
            listen = words.getFirst();
            nodes = words.subList(1, words.size());
        }
        return words.size() >= 2;
    }

    @Override
    public Integer call() throws CommandFailedException {
        List<String> arguments = new ArrayList<>();
        arguments.add(listen);
        arguments.addAll(nodes);
        Loaded loaded = ConfigLoader.fromProxyArguments(arguments);
        if (loaded.config() == null) {
            throw new CommandFailedException(ExitCode.USAGE, loaded.errors().getFirst().message());
        }
        Directories directories = server.directories(console);
        return Serving.serve(
                console,
                () ->
                        Serving.start(
                                console,
                                new FixedSource("the command line", loaded),
                                false,
                                directories),
                status -> {});
    }
}
