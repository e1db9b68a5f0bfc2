package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.Map;

/** The options of commands that change the managed configuration. */
final class ChangeOptions {

    @Option(
            names = {"-m", "--comment"},
            paramLabel = "TEXT",
            description = "Why; kept with the revision.")
    @Nullable String comment;

    @Option(
            names = "--base",
            paramLabel = "REVISION",
            description = "Only if this revision is in force, else a conflict.")
    @Nullable Long base;

    @Option(names = "--dry-run", description = "Shows what would change, and changes nothing.")
    boolean dryRun;

    @Option(
            names = "--allow-shrink",
            description =
                    "Also if listeners go, or more than a quarter of the virtual servers or nodes.")
    boolean allowShrink;

    @Option(
            names = "--confirm",
            paramLabel = "TIME",
            description =
                    "Undoes the change by itself after this time, such as 5m, unless weir confirm"
                            + " comes before.")
    @Nullable String confirm;

    /** The options as arguments of the control socket. */
    Map<String, @Nullable Object> arguments() throws CommandFailedException {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        arguments.put("comment", comment);
        arguments.put("expected-revision", base);
        arguments.put("dry-run", dryRun);
        arguments.put("allow-shrink", allowShrink);
        String time = confirm;
        if (time != null) {
            try {
                arguments.put("confirm-seconds", Lengths.parse(time).toSeconds());
            } catch (IllegalArgumentException e) {
                throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()));
            }
        }
        return arguments;
    }

    /** Shows what became of a change, and gives the exit code. */
    static int show(Console console, Output output, @Nullable Object answer) {
        Document report = Document.of(answer);
        if (!output.print(console, answer)) {
            report.objects("warnings").forEach(w -> console.print(w.text("text")));
            for (Document object : report.objects("objects")) {
                if (!object.text("change").equals("unchanged")) {
                    console.print(
                            object.text("change")
                                    + " "
                                    + object.text("object")
                                    + (object.has("problem") ? ": " + object.text("problem") : ""));
                }
            }
            console.print(
                    (report.is("applied") ? "revision " : "nothing has changed; revision ")
                            + report.text("revision")
                            + " is in force");
            Document pending = report.object("pending");
            if (pending.has("until")) {
                console.print(
                        "it is undone at "
                                + pending.text("until")
                                + " unless you run: weir confirm "
                                + pending.text("revision"));
            }
        }
        return report.is("partial") ? ExitCode.PARTIAL : ExitCode.OK;
    }
}
