package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands that look at revisions, go back to one and confirm one. */
final class RevisionViews {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private RevisionViews() {}

    private static String time(Document of) {
        return TIME.format(Instant.parse(of.text("time")));
    }

    private static String who(Document of) {
        return of.text("author")
                + " ("
                + of.text("channel")
                + (of.text("from").isEmpty() ? "" : ", " + of.text("from"))
                + ")";
    }

    @Command(
            name = "history",
            description = "Shows the revisions of the managed configuration, the newest first.",
            footer = {"", "Examples:", "  weir history", "  weir history -n 1000 -o json"})
    static final class History extends WeirCommand {

        @Option(names = "-n", paramLabel = "NUMBER", description = "How many at most. Default: 50.")
        int number = 50;

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        History(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Object answer =
                    Remote.call(console, instance, output, "history", Map.of("max", number));
            if (!output.print(console, answer)) {
                Document history = Document.of(answer);
                for (Document each : history.objects("revisions")) {
                    String comment = each.text("comment").lines().findFirst().orElse("");
                    console.print(
                            each.text("revision")
                                    + "  "
                                    + time(each)
                                    + "  "
                                    + who(each)
                                    + "  "
                                    + (comment.isEmpty()
                                            ? String.join(", ", each.texts("objects"))
                                            : comment));
                }
                Document pending = history.object("pending");
                if (pending.has("until")) {
                    console.print(
                            "revision "
                                    + pending.text("revision")
                                    + " is undone at "
                                    + pending.text("until")
                                    + " unless it is confirmed");
                }
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "diff",
            description = "Shows what is different between two revisions.",
            footer = {"", "Examples:", "  weir diff", "  weir diff 7", "  weir diff 7 9"})
    static final class Diff extends WeirCommand {

        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "FROM",
                description = "Default: the revision before TO.")
        @Nullable Long from;

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "TO",
                description = "Default: the revision in force.")
        @Nullable Long to;

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Diff(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            return words.isEmpty();
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
            arguments.put("from", from);
            arguments.put("to", to);
            Object answer = Remote.call(console, instance, output, "diff", arguments);
            if (!output.print(console, answer)) {
                Document.of(answer).text("text").lines().forEach(console::print);
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "rollback",
            description = {
                "Goes back to what an earlier revision says.",
                "That makes a new revision, so it can be undone the same way."
            },
            footer = {"", "Examples:", "  weir rollback 7", "  weir rollback 7 --dry-run"})
    static final class Rollback extends WeirCommand {

        @Parameters(paramLabel = "REVISION", description = "The one to go back to.")
        long revision;

        @Mixin ChangeOptions change = new ChangeOptions();
        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Rollback(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            return false;
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = change.arguments();
            arguments.put("revision", revision);
            return ChangeOptions.show(
                    console, output, Remote.call(console, instance, output, "rollback", arguments));
        }
    }

    @Command(
            name = "confirm",
            description = "Has a change stay that was made with --confirm.",
            footer = {"", "Example:", "  weir confirm"})
    static final class Confirm extends WeirCommand {

        @Parameters(
                arity = "0..1",
                paramLabel = "REVISION",
                description = "The revision that is meant. Default: whichever waits.")
        @Nullable Long revision;

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Confirm(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
            arguments.put("revision", revision);
            Object answer = Remote.call(console, instance, output, "confirm", arguments);
            if (!output.print(console, answer)) {
                console.print("revision " + Document.of(answer).text("revision") + " stays");
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "audit",
            description = "Shows who asked for what, when and whence, the refused included.",
            footer = {"", "Example:", "  weir audit -n 200"})
    static final class Audit extends WeirCommand {

        @Option(names = "-n", paramLabel = "NUMBER", description = "How many at most. Default: 50.")
        int number = 50;

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Audit(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Object answer = Remote.call(console, instance, output, "audit", Map.of("max", number));
            if (!output.print(console, answer)) {
                for (Document each : Document.list(answer)) {
                    console.print(
                            time(each)
                                    + "  "
                                    + who(each)
                                    + "  "
                                    + each.text("action")
                                    + (each.texts("objects").isEmpty() ? "" : " ")
                                    + String.join(", ", each.texts("objects"))
                                    + (each.is("accepted") ? "" : "  REFUSED")
                                    + (each.text("detail").isEmpty()
                                            ? ""
                                            : ": " + each.text("detail")));
                }
            }
            return ExitCode.OK;
        }
    }
}
