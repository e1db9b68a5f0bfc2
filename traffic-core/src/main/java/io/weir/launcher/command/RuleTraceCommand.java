package io.weir.launcher.command;

import io.weir.control.store.Json;
import io.weir.rule.RulesRefusedException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a rule on a described exchange and shows what it does. */
@Command(
        name = "trace",
        description =
                "Runs a rule on a described exchange, and shows each call with its result, the"
                        + " decision and what became of the messages.")
final class RuleTraceCommand extends WeirCommand {

    @Parameters(paramLabel = "FILE", description = "The file of the rule.")
    Path file = Path.of("");

    @Option(
            names = "--exchange",
            paramLabel = "FILE",
            description =
                    "JSON that describes the exchange; without it a GET of /. docs/rules.md tells"
                            + " its members.")
    Path exchange = Path.of("");

    @Mixin Output output = new Output();

    RuleTraceCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        @Nullable Object result;
        try {
            String described = exchange.toString().isEmpty() ? "{}" : Files.readString(exchange);
            result = Json.read(RuleFiles.engine().trial().run(RuleFiles.read(file), described));
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "the file " + exchange + " cannot be read: " + e);
        } catch (RulesRefusedException | IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
        if (!output.print(console, result)) {
            print(result);
        }
        return ExitCode.OK;
    }

    private void print(@Nullable Object result) {
        if (!(result instanceof Map<?, ?> all)) {
            return;
        }
        if (all.get("trace") instanceof List<?> calls) {
            calls.forEach(call -> console.print("  " + call));
        }
        all.forEach(
                (name, value) -> {
                    boolean empty = value instanceof List<?> list && list.isEmpty();
                    if (!name.equals("trace") && !empty) {
                        console.print(
                                name
                                        + ": "
                                        + (value instanceof String text
                                                ? text
                                                : Json.write(value)));
                    }
                });
    }
}
