package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands that show and clear the cache of a running Weir. */
final class CacheCommands {

    private CacheCommands() {}

    /** The command whose words the others follow. */
    @Command(
            name = "cache",
            description = "Shows and clears the cache of the running Weir.",
            footer = {
                "",
                "Examples:",
                "  weir cache stats",
                "  weir cache list --host www.example --path '/img/*'",
                "  weir cache purge --tag product-17 --soft",
                "  weir cache purge --virtual-server web"
            })
    static final class Group extends WeirCommand {

        Group(Console console) {
            super(console);
        }

        @Override
        List<WeirCommand> subcommands() {
            return List.of(new Stats(console), new Listing(console), new Purge(console));
        }

        @Override
        public Integer call() throws CommandFailedException {
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    "what to do is missing, expected: weir cache stats, list or purge; see weir"
                            + " cache --help");
        }
    }

    /** The options that say which stored responses are meant. */
    static final class Choice {
        @Option(
                names = "--virtual-server",
                paramLabel = "NAME",
                description = "Those of this virtual server.")
        @Nullable String virtualServer;

        @Option(
                names = "--scheme",
                paramLabel = "SCHEME",
                description = "Those for http, or for https.")
        @Nullable String scheme;

        @Option(
                names = "--host",
                paramLabel = "PATTERN",
                description =
                        "Those of hosts like this, as clients give them; * stands for any"
                                + " characters.")
        @Nullable String host;

        @Option(
                names = "--path",
                paramLabel = "PATTERN",
                description =
                        "Those whose path, with its query, is like this: '/img/*'. \\* is a"
                                + " plain *.")
        @Nullable String path;

        @Option(
                names = "--tag",
                paramLabel = "TAG",
                description = "Those whose node gave them this tag, in Surrogate-Key or Cache-Tag.")
        @Nullable String tag;

        Map<String, @Nullable Object> arguments() {
            Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
            arguments.put("virtual-server", virtualServer);
            arguments.put("scheme", scheme);
            arguments.put("host", host);
            arguments.put("path", path);
            arguments.put("tag", tag);
            return arguments;
        }
    }

    /** Shows figures by virtual server. */
    @Command(
            name = "stats",
            description = "Shows what the cache was to requests, by virtual server.",
            footer = {"", "Examples:", "  weir cache stats", "  weir cache stats -o json"})
    static final class Stats extends WeirCommand {

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Stats(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Object answer = Remote.call(console, instance, output, "cache-stats", Map.of());
            if (!output.print(console, answer)) {
                show(Document.of(answer));
            }
            return ExitCode.OK;
        }

        private void show(Document figures) {
            console.print(
                    figures.text("bytes")
                            + " of "
                            + figures.text("size")
                            + " bytes are in use"
                            + (figures.number("disk-responses") == 0
                                    ? ""
                                    : "; "
                                            + figures.text("disk-responses")
                                            + " responses of "
                                            + figures.text("disk-bytes")
                                            + " bytes on disk"));
            Table table =
                    new Table(
                            "VIRTUAL SERVER",
                            ">RESPONSES",
                            ">BYTES",
                            ">HIT",
                            ">STALE",
                            ">REVALIDATED",
                            ">COALESCED",
                            ">MISS",
                            ">BYPASS",
                            ">SERVED BYTES",
                            ">EVICTED");
            for (Document server : figures.objects("virtual-servers")) {
                Document requests = server.object("requests");
                table.row(
                        server.text("name"),
                        server.text("responses"),
                        server.text("bytes"),
                        requests.text("hit"),
                        requests.text("stale"),
                        requests.text("revalidated"),
                        requests.text("coalesced"),
                        requests.text("miss"),
                        requests.text("bypass"),
                        server.text("served-bytes"),
                        server.text("evicted"));
            }
            table.lines(0).forEach(line -> console.out().println(line));
        }
    }

    /** Shows stored responses. */
    @Command(
            name = "list",
            description = "Shows stored responses; without a choice, all of them.",
            footer = {
                "",
                "Examples:",
                "  weir cache list -n 20",
                "  weir cache list --host www.example --path '/img/*'"
            })
    static final class Listing extends WeirCommand {

        @Mixin Choice choice = new Choice();

        @Option(names = "-n", paramLabel = "NUMBER", description = "How many at most. Default: 50.")
        int number = 50;

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Listing(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = choice.arguments();
            arguments.put("max", (long) number);
            Object answer = Remote.call(console, instance, output, "cache-list", arguments);
            if (!output.print(console, answer)) {
                show(Document.of(answer));
            }
            return ExitCode.OK;
        }

        private void show(Document listing) {
            Table table =
                    new Table(
                            "VIRTUAL SERVER",
                            "URL",
                            ">STATUS",
                            ">BYTES",
                            ">HITS",
                            ">AGE",
                            ">FRESH FOR",
                            "NOTES");
            for (Document item : listing.objects("items")) {
                long fresh = item.number("fresh-seconds");
                table.row(
                        item.text("virtual-server"),
                        item.text("scheme") + "://" + item.text("host") + item.text("path"),
                        item.text("status"),
                        item.text("bytes"),
                        item.text("hits"),
                        Lengths.text(item.number("age-seconds")),
                        fresh < 0 ? "stale" : Lengths.text(fresh),
                        notes(item));
            }
            table.lines(0).forEach(line -> console.out().println(line));
            console.print(
                    listing.text("matching") + " responses, " + listing.text("bytes") + " bytes");
        }

        private static String notes(Document item) {
            String codings = String.join(", ", item.texts("codings"));
            String tags = String.join(", ", item.texts("tags"));
            String variant = item.text("variant");
            return String.join(
                    "; ",
                    List.of(
                                    codings.isEmpty() ? "" : "also in " + codings,
                                    tags.isEmpty() ? "" : "tags " + tags,
                                    variant)
                            .stream()
                            .filter(note -> !note.isEmpty())
                            .toList());
        }
    }

    /** Removes stored responses. */
    @Command(
            name = "purge",
            description = "Removes stored responses, or makes them stale.",
            footer = {
                "",
                "Examples:",
                "  weir cache purge --path '/img/*'",
                "  weir cache purge --tag product-17 --soft",
                "  weir cache purge --all"
            })
    static final class Purge extends WeirCommand {

        @Mixin Choice choice = new Choice();

        @Option(
                names = "--soft",
                description =
                        "Only makes them stale: the node is asked before their next use, and they"
                                + " still help while nodes fail.")
        boolean soft;

        @Option(names = "--all", description = "Needed when no choice is given.")
        boolean all;

        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        Purge(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = choice.arguments();
            arguments.put("soft", soft);
            arguments.put("all", all);
            Object answer = Remote.call(console, instance, output, "cache-purge", arguments);
            if (!output.print(console, answer)) {
                Document purged = Document.of(answer);
                console.print(
                        (soft ? "made " : "removed ")
                                + purged.text("responses")
                                + " responses of "
                                + purged.text("bytes")
                                + " bytes"
                                + (soft ? " stale" : ""));
            }
            return ExitCode.OK;
        }
    }
}
