package io.weir.launcher.command;

import io.weir.control.store.Directories;
import io.weir.launcher.process.Parts;
import io.weir.log.PlainText;

import java.io.PrintStream;

/**
 * What a command has around it. Whatever is printed through it can do nothing to a terminal:
 * control characters become visible escapes.
 *
 * @param parts makes the parts of a Weir that is to serve
 * @param halt ends the process at once
 */
public record Console(
        PrintStream out,
        PrintStream err,
        Directories.Machine machine,
        Parts.Factory parts,
        Runnable halt) {

    /** Prints one line for people or programs. */
    void print(String line) {
        out.println(PlainText.of(line));
    }

    /** Prints one line about what went wrong. */
    void complain(String line) {
        err.println("weir: " + PlainText.of(line));
    }
}
