package io.weir.launcher.command;

import picocli.CommandLine.Option;

import java.util.List;
import java.util.concurrent.Callable;

/** A subcommand of {@code weir}; its result is one of {@link ExitCode}. */
abstract class WeirCommand implements Callable<Integer> {

    /** What the command has around it. */
    final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    WeirCommand(Console console) {
        this.console = console;
    }

    /** The commands whose words come after the word of this one. */
    List<WeirCommand> subcommands() {
        return List.of();
    }

    /**
     * Takes the words after the name of the command, when there are no options among them and as
     * many as the command needs.
     *
     * <p>Parsing by picocli would do the same, but its classes are of so old a format that the JVM
     * keeps them out of its AOT cache, and loading them is a good part of a start.
     *
     * @return false when picocli is to judge the words; no field has changed then
     */
    boolean takes(List<String> words) {
        return words.isEmpty();
    }
}
