package io.weir.launcher.command;

import io.weir.control.local.ControlClient;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Shows what has happened in a running Weir. */
@Command(
        name = "events",
        description = "Shows the latest events of the running Weir, oldest first.",
        footer = {"", "Examples:", "  weir events -n 20", "  weir events --follow -o json"})
final class EventsCommand extends WeirCommand {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Option(names = "-n", paramLabel = "NUMBER", description = "How many at most. Default: 50.")
    int number = 50;

    @Option(
            names = {"-f", "--follow"},
            description = "Shows events as they come, too, until it is interrupted.")
    boolean follow;

    @Mixin InstanceOptions instance = new InstanceOptions();
    @Mixin Output output = new Output();

    EventsCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Object answer = Remote.call(console, instance, output, "events", Map.of("max", number));
        if (follow) {
            Document.list(answer).forEach(e -> show(e));
            return follow();
        }
        if (!output.print(console, answer)) {
            Document.list(answer).forEach(e -> show(e));
        }
        return ExitCode.OK;
    }

    private int follow() throws CommandFailedException {
        try (ControlClient client = ControlClient.connect(instance.runCandidates(console))) {
            client.send("events", Map.of("follow", true));
            Map<String, @Nullable Object> begin = client.next();
            if (begin == null || !Boolean.TRUE.equals(begin.get("ok"))) {
                throw Remote.failure(Document.of(begin == null ? null : begin.get("problem")));
            }
            Map<String, @Nullable Object> event = client.next();
            while (event != null) {
                show(new Document(event));
                event = client.next();
            }
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.UNREACHABLE, "Weir has gone: " + e.getMessage());
        }
        throw new CommandFailedException(ExitCode.UNREACHABLE, "Weir has gone");
    }

    private void show(Document event) {
        if (output.print(console, event.values())) {
            return;
        }
        console.print(
                TIME.format(Instant.parse(event.text("time")))
                        + " "
                        + event.text("severity")
                        + " "
                        + event.text("tag")
                        + " "
                        + String.join(",", event.texts("objects"))
                        + (event.texts("objects").isEmpty() ? "" : " ")
                        + event.text("text"));
        console.out().flush();
    }
}
