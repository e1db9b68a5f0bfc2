package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Asks whether it is safe to take a node, waits until it is, and takes a lease of it. */
@Command(
        name = "safe",
        description = {
            "Tells whether it is safe to take a node now: yes, no, or after what, and why.",
            "Exit code 0: yes. 1: no, somebody has to do something first. 5: not yet."
        },
        footer = {
            "",
            "Examples:",
            "  weir safe 10.0.0.1:80",
            "  weir safe 10.0.0.1:80 --wait --lease 30m --reason 'new kernel'",
            "  weir safe 10.0.0.1:80 --idle 10m -o json"
        })
final class SafeCommand extends WeirCommand {

    private static final long LOOK_MILLIS = 250;

    @Parameters(
            paramLabel = "NODE",
            description = "Host and port as in the configuration: 10.0.0.1:80, [::1]:80, app:80.")
    String node = "";

    @Option(
            names = "--wait",
            description =
                    "Waits until it is safe; not when the answer is no, which waiting does not"
                            + " change.")
    boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Waits no longer than this, such as 90s, 30m. Default: for ever.")
    @Nullable String timeout;

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            description =
                    "Holds a yes for this time: nothing new reaches the node until weir release, or"
                            + " until the same owner undrains it.")
    @Nullable String lease;

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            description = "Sessions that were not used for this time count as over.")
    @Nullable String idle;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why the lease is wanted.")
    @Nullable String reason;

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            description = "Whose lease it is. Default: the user who runs this command.")
    @Nullable String owner;

    @Mixin InstanceOptions instance = new InstanceOptions();
    @Mixin Output output = new Output();

    SafeCommand(Console console) {
        super(console);
    }

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
        arguments.put("idle-seconds", seconds(idle));
        arguments.put("lease-seconds", seconds(lease));
        arguments.put("reason", reason);
        arguments.put("owner", owner);
        Long patience = seconds(timeout);
        long begin = System.nanoTime();
        while (true) {
            Object answer = Remote.call(console, instance, output, "safe", arguments);
            Document safety = Document.of(answer);
            boolean late =
                    patience != null
                            && System.nanoTime() - begin >= TimeUnit.SECONDS.toNanos(patience);
            if (!wait || late || !safety.text("safe").equals("after")) {
                if (!output.print(console, answer)) {
                    show(safety);
                }
                return switch (safety.text("safe")) {
                    case "yes" -> ExitCode.OK;
                    case "after" -> ExitCode.PARTIAL;
                    default -> ExitCode.REFUSED;
                };
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailedException(ExitCode.PARTIAL, "interrupted");
            }
        }
    }

    private static @Nullable Long seconds(@Nullable String length) throws CommandFailedException {
        if (length == null) {
            return null;
        }
        try {
            return Lengths.parse(length).toSeconds();
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private void show(Document safety) {
        String verdict =
                switch (safety.text("safe")) {
                    case "yes" -> "yes";
                    case "after" ->
                            safety.has("estimate-millis")
                                    ? "not yet; probably in "
                                            + Lengths.text(
                                                    (safety.number("estimate-millis") + 999) / 1000)
                                    : "not yet; nobody can tell when";
                    default -> "no";
                };
        console.print(safety.text("node") + " safe to take: " + verdict);
        for (Document reason : safety.objects("reasons")) {
            console.print(
                    (reason.text("weight").equals("yes") ? "    " : "  ! ") + reason.text("text"));
        }
        if (safety.has("lease")) {
            Document held = safety.object("lease");
            console.print("  lease of " + held.text("owner") + " until " + held.text("expires"));
        }
    }

    /** Ends a lease. */
    @Command(
            name = "release",
            description = "Ends the lease of a node, so that it takes work again as it may.",
            footer = {"", "Example:", "  weir release 10.0.0.1:80"})
    static final class Release extends WeirCommand {

        @Parameters(paramLabel = "NODE", description = "Host and port as in the configuration.")
        String node = "";

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Release(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            if (words.size() == 1) {
                node = words.getFirst();
            }
            return words.size() == 1;
        }

        @Override
        public Integer call() throws CommandFailedException {
            Object answer = Remote.call(console, instance, output, "release", Map.of("node", node));
            if (!output.print(console, answer)) {
                console.print("the lease of node " + node + " has ended");
            }
            return ExitCode.OK;
        }
    }
}
