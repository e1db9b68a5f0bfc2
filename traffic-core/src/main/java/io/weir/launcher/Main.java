package io.weir.launcher;

import io.weir.control.store.Directories;
import io.weir.launcher.command.CommandTree;
import io.weir.launcher.command.Console;

/** The entry point of {@code weir}. */
public final class Main {

    private static final int HALTED = 130;

    private Main() {}

    /** Does what the arguments say, and ends the process with the exit code. */
    public static void main(String[] arguments) {
        Directories.Machine machine = Directories.Machine.present();
        Console console =
                new Console(
                        System.out,
                        System.err,
                        machine,
                        directories ->
                                new WeirParts(
                                        directories, machine.environment().get("WEIR_LOG_LEVEL")),
                        () -> Runtime.getRuntime().halt(HALTED));
        System.exit(CommandTree.execute(console, arguments));
    }
}
