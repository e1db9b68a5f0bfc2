package io.weir.launcher.command;

import io.weir.control.store.Json;
import io.weir.launcher.process.Version;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows which Weir this is. */
@Command(
        name = "version",
        description = "Shows the version of Weir and of what it runs on.",
        footer = {"", "Example:", "  weir version -o json"})
final class VersionCommand extends WeirCommand {

    @Mixin Output output = new Output();

    VersionCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        String java = Runtime.version().toString();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!output.print(
                console, Json.object("weir", Version.text(), "java", java, "system", system))) {
            console.print("weir " + Version.text() + " (Java " + java + ", " + system + ")");
        }
        return ExitCode.OK;
    }
}
