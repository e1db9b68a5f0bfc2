package io.weir.launcher.command;

import io.weir.control.store.Directories;
import io.weir.control.store.Directories.Choice;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;

/** The options that say which of the Weirs of a machine is meant. */
final class InstanceOptions {

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "Tells several Weirs on one machine apart: with it, all directories are those"
                            + " of weir-NAME. Default: WEIR_NAME.")
    @Nullable String name;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description =
                    "Where the control socket is. Default: WEIR_RUN_DIR, $XDG_RUNTIME_DIR/weir,"
                            + " /run/weir or /tmp/weir-UID.")
    @Nullable Path run;

    /** Every place where the meant Weir may have its socket. */
    List<Path> runCandidates(Console console) throws CommandFailedException {
        try {
            return Directories.runCandidates(new Choice(name, run, null, null), console.machine());
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /** The words that make another command mean the same Weir; empty or beginning with a blank. */
    String words() {
        return (name == null ? "" : " --name " + name) + (run == null ? "" : " --run-dir " + run);
    }
}
