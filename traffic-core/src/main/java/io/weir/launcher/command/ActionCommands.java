package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;

/** The commands about actions: where events go. */
final class ActionCommands {

    private ActionCommands() {}

    /** The command whose words the others follow. */
    @Command(
            name = "action",
            description = "Shows and tests where the events of the running Weir go.",
            footer = {"", "Examples:", "  weir action list", "  weir action test mail-ops"})
    static final class Group extends WeirCommand {

        Group(Console console) {
            super(console);
        }

        @Override
        List<WeirCommand> subcommands() {
            return List.of(new Listing(console), new Test(console));
        }

        @Override
        public Integer call() throws CommandFailedException {
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    "what to do is missing, expected: weir action list or test; see weir action"
                            + " --help");
        }
    }

    /** Shows how every action is. */
    @Command(
            name = "list",
            description = "Shows every action: what it has delivered, what waits, what is wrong.",
            footer = {"", "Examples:", "  weir action list", "  weir action list -o json"})
    static final class Listing extends WeirCommand {

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Listing(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Object answer = Remote.call(console, instance, output, "actions", Map.of());
            if (!output.print(console, answer)) {
                show(Document.list(answer));
            }
            return ExitCode.OK;
        }

        private void show(List<Document> actions) {
            Table table =
                    new Table(
                            "ACTION", "TYPE", ">SENT", ">FAILED", ">DROPPED", ">QUEUED", "TROUBLE");
            for (Document action : actions) {
                table.row(
                        action.text("name"),
                        action.text("type"),
                        action.text("sent"),
                        action.text("failed"),
                        action.text("dropped"),
                        action.text("queued"),
                        action.has("trouble") ? action.text("trouble") : "");
            }
            table.lines(0).forEach(console::print);
        }
    }

    /** Delivers a test event. */
    @Command(
            name = "test",
            description = "Delivers the event testaction through an action and waits for the end.",
            footer = {"", "Example:", "  weir action test mail-ops"})
    static final class Test extends WeirCommand {

        @Parameters(paramLabel = "NAME", description = "Name of the action.")
        String name = "";

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Test(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            if (words.size() == 1) {
                name = words.getFirst();
                return true;
            }
            return false;
        }

        @Override
        public Integer call() throws CommandFailedException {
            @Nullable Object answer =
                    Remote.call(console, instance, output, "test-action", Map.of("action", name));
            Document test = Document.of(answer);
            boolean printed = output.print(console, answer);
            if (!test.is("delivered")) {
                throw new CommandFailedException(
                        ExitCode.REFUSED,
                        "the action " + name + " delivered nothing: " + test.text("trouble"));
            }
            if (!printed) {
                console.print(
                        "Delivered by " + name + " after " + test.text("milliseconds") + " ms.");
            }
            return ExitCode.OK;
        }
    }
}
