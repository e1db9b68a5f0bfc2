package io.weir.launcher.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Map;

/** Has a running Weir read its configuration again. */
@Command(
        name = "reload",
        description = {
            "Has the running Weir read its configuration again and put it in force as a whole.",
            "If it is refused, what runs goes on."
        },
        footer = {"", "Examples:", "  weir reload", "  weir reload --allow-shrink"})
final class ReloadCommand extends WeirCommand {

    @Option(
            names = "--allow-shrink",
            description =
                    "Also if listeners go, or more than a quarter of the virtual servers or nodes;"
                            + " without it, that is taken for a file cut short.")
    boolean allowShrink;

    @Mixin InstanceOptions instance = new InstanceOptions();
    @Mixin Output output = new Output();

    ReloadCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Object answer =
                Remote.call(
                        console, instance, output, "reload", Map.of("allow-shrink", allowShrink));
        Document report = Document.of(answer);
        if (!output.print(console, answer)) {
            show(report);
        }
        return report.is("partial") ? ExitCode.PARTIAL : ExitCode.OK;
    }

    private void show(Document report) {
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
    }
}
