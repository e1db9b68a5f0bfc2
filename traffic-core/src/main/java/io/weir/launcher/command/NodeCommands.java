package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands that put a decision about a node into the overlay. */
final class NodeCommands {

    private NodeCommands() {}

    /** What these commands have in common. */
    abstract static class OnNode extends WeirCommand {

        private final String command;

        @Parameters(
                paramLabel = "NODE",
                description =
                        "Host and port as in the configuration: 10.0.0.1:80, [::1]:80, app:80.")
        String node = "";

        @Option(
                names = "--pool",
                paramLabel = "POOL",
                description = "Only in this pool. Default: in every pool that has the node.")
        @Nullable String pool;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description = "Why; shown in status and in the event log.")
        @Nullable String reason;

        @Option(
                names = "--owner",
                paramLabel = "NAME",
                description = "Who decided. Default: the user who runs this command.")
        @Nullable String owner;

        @Option(
                names = "--for",
                paramLabel = "TIME",
                description =
                        "Ends the decision by itself after this time, such as 90s, 30m, 1h30m, 2d.")
        @Nullable String length;

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        OnNode(Console console, String command) {
            super(console);
            this.command = command;
        }

        /** Adds what only this command has. */
        void add(Map<String, @Nullable Object> arguments) throws CommandFailedException {}

        @Override
        boolean takes(List<String> words) {
            if (words.size() == 1) {
                node = words.getFirst();
            }
            return words.size() == 1;
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
            arguments.put("node", node);
            arguments.put("pool", pool);
            arguments.put("reason", reason);
            arguments.put("owner", owner);
            if (length != null) {
                try {
                    arguments.put("seconds", Lengths.parse(length).toSeconds());
                } catch (IllegalArgumentException e) {
                    throw new CommandFailedException(
                            ExitCode.USAGE, String.valueOf(e.getMessage()));
                }
            }
            add(arguments);
            Object answer = Remote.call(console, instance, output, command, arguments);
            Document change = Document.of(answer);
            if (!output.print(console, answer)) {
                show(change);
            }
            if (!change.is("saved")) {
                console.complain(
                        "the decision is in force but could not be saved; a restart forgets it");
                return ExitCode.PARTIAL;
            }
            return ExitCode.OK;
        }

        private void show(Document change) {
            for (Document pool : change.objects("pools")) {
                String before = pool.text("before");
                String now = pool.text("now");
                console.print(
                        change.text("node")
                                + " in pool "
                                + pool.text("pool")
                                + ": "
                                + (before.equals(now) ? now : before + " -> " + now)
                                + ", weight "
                                + pool.text("weight"));
            }
            if (!change.is("changed")) {
                console.print("nothing to change");
            }
            for (Document sessions : change.objects("sessions")) {
                console.print(
                        sessions.text("sessions")
                                + (sessions.number("sessions") == 1 ? " session" : " sessions")
                                + " of persistence class "
                                + sessions.text("class")
                                + " there, last used "
                                + Lengths.text(sessions.number("last-used-seconds"))
                                + " ago");
            }
        }
    }

    @Command(
            name = "drain",
            description = {
                "Gives a node no new sessions; established ones stay.",
                "The decision survives reloads and restarts until it is undrained or its time is"
                        + " over."
            },
            footer = {
                "",
                "Examples:",
                "  weir drain 10.0.0.1:80 --reason 'new kernel'",
                "  weir drain app2:8080 --pool shop --for 30m",
                "  weir drain 10.0.0.1:80 --deadline 10m --at-deadline close"
            })
    static final class Drain extends OnNode {

        @Option(
                names = "--deadline",
                paramLabel = "TIME",
                description = "How long the drain is to take at most, such as 90s, 30m.")
        @Nullable String deadline;

        @Option(
                names = "--at-deadline",
                paramLabel = "DEED",
                description =
                        "What happens then: nothing but an event, disable the node, or close: also"
                                + " cut its connections. Default: nothing.")
        @Nullable String atDeadline;

        Drain(Console console) {
            super(console, "drain");
        }

        @Override
        void add(Map<String, @Nullable Object> arguments) throws CommandFailedException {
            if (deadline != null) {
                try {
                    arguments.put("deadline-seconds", Lengths.parse(deadline).toSeconds());
                } catch (IllegalArgumentException e) {
                    throw new CommandFailedException(
                            ExitCode.USAGE, String.valueOf(e.getMessage()));
                }
            }
            arguments.put("at-deadline", atDeadline);
        }
    }

    @Command(
            name = "undrain",
            description = "Ends the drain of a node, whoever made it.",
            footer = {"", "Example:", "  weir undrain 10.0.0.1:80"})
    static final class Undrain extends OnNode {
        Undrain(Console console) {
            super(console, "undrain");
        }
    }

    @Command(
            name = "disable",
            description = "Gives a node no traffic at all and stops monitoring it.",
            footer = {"", "Example:", "  weir disable 10.0.0.1:80 --reason 'disk is full'"})
    static final class Disable extends OnNode {
        Disable(Console console) {
            super(console, "disable");
        }
    }

    @Command(
            name = "enable",
            description = "Puts a node into full use, whether it was disabled or draining.",
            footer = {"", "Example:", "  weir enable 10.0.0.1:80"})
    static final class Enable extends OnNode {
        Enable(Console console) {
            super(console, "enable");
        }
    }

    @Command(
            name = "weight",
            description = "Gives a node another weight, or the one in the configuration.",
            footer = {
                "",
                "Examples:",
                "  weir weight 10.0.0.1:80 5 --pool web",
                "  weir weight 10.0.0.1:80 configured"
            })
    static final class Weight extends OnNode {

        @Parameters(
                index = "1",
                paramLabel = "WEIGHT",
                description = "1 to 100, or the word configured.")
        String weight = "";

        Weight(Console console) {
            super(console, "weight");
        }

        @Override
        boolean takes(List<String> words) {
            return false;
        }

        @Override
        void add(Map<String, @Nullable Object> arguments) throws CommandFailedException {
            if (weight.equals("configured")) {
                return;
            }
            if (!weight.matches("[0-9]{1,9}")) {
                throw new CommandFailedException(
                        ExitCode.USAGE,
                        "the weight is '" + weight + "', expected 1 to 100, or configured");
            }
            arguments.put("weight", Long.valueOf(weight));
        }
    }
}
