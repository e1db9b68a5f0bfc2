package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The commands that bring configuration files into the managed store. */
final class ApplyCommands {

    private ApplyCommands() {}

    /** What both have in common. */
    abstract static class FromFile extends WeirCommand {

        private final boolean whole;

        @Parameters(
                paramLabel = "FILE",
                description =
                        "A configuration file with all that it includes, or a directory with a"
                                + " weir.yaml.")
        Path file = Path.of("");

        @Mixin ChangeOptions change = new ChangeOptions();
        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        FromFile(Console console, boolean whole) {
            super(console);
            this.whole = whole;
        }

        @Override
        boolean takes(java.util.List<String> words) {
            if (words.size() == 1) {
                file = Path.of(words.getFirst());
            }
            return words.size() == 1;
        }

        @Override
        public Integer call() throws CommandFailedException {
            Path main = Files.isDirectory(file) ? file.resolve("weir.yaml") : file;
            LocalFiles local = LocalFiles.read(console, main);
            Map<String, @Nullable Object> arguments = change.arguments();
            if (whole) {
                Document present =
                        Document.of(Remote.call(console, instance, output, "revision", Map.of()));
                arguments.putIfAbsent("expected-revision", present.number("revision"));
                arguments.put("edits", local.wholeEdits(present.object("files").values().keySet()));
            } else {
                arguments.put("edits", local.addingEdits());
            }
            return ChangeOptions.show(
                    console, output, Remote.call(console, instance, output, "change", arguments));
        }
    }

    @Command(
            name = "apply",
            description = {
                "Makes the managed configuration what a file says, as a whole.",
                "What the file does not have goes. Secrets that stand in it are kept apart; the"
                        + " file is only read."
            },
            footer = {
                "",
                "Examples:",
                "  weir apply weir.yaml -m 'new shop' --confirm 5m",
                "  weir apply checkout/ --dry-run"
            })
    static final class Apply extends FromFile {
        Apply(Console console) {
            super(console, true);
        }
    }

    @Command(
            name = "import",
            description = {
                "Adds what a file says to the managed configuration.",
                "Objects of the file take the place of those of the same name; all others stay."
            },
            footer = {"", "Example:", "  weir import shop.yaml"})
    static final class Import extends FromFile {
        Import(Console console) {
            super(console, false);
        }
    }
}
