package io.weir.launcher.command;

import io.weir.control.store.Directories;
import io.weir.control.store.Directories.Choice;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The options that say where a Weir that serves keeps its files. */
final class ServerOptions {

    @Mixin InstanceOptions instance = new InstanceOptions();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description =
                    "Where drains and other decisions, and the last good configuration, are kept."
                            + " Default: WEIR_STATE_DIR, /var/lib/weir or ~/.local/state/weir.")
    @Nullable Path state;

    @Option(
            names = "--log-dir",
            paramLabel = "DIR",
            description =
                    "Where logs are written. Default: WEIR_LOG_DIR, /var/log/weir or the directory"
                            + " log beside the state.")
    @Nullable Path log;

    Directories directories(Console console) throws CommandFailedException {
        return directories(console, instance, state, log);
    }

    static Directories directories(
            Console console, InstanceOptions instance, @Nullable Path state, @Nullable Path log)
            throws CommandFailedException {
        try {
            return Directories.find(
                    new Choice(instance.name, instance.run, state, log), console.machine());
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
