package io.weir.launcher.command;

import io.weir.config.load.ConfigLoader;

import picocli.CommandLine.Command;

/** Prints the schema of configuration files. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of configuration files, for editors and forms.",
        footer = {"", "Example:", "  weir schema > weir.schema.json"})
final class SchemaCommand extends WeirCommand {

    SchemaCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        console.out().print(ConfigLoader.schema());
        console.out().flush();
        return ExitCode.OK;
    }
}
