package io.weir.launcher.command;

import io.weir.cert.Finding;
import io.weir.config.PoolConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.config.load.Problem;
import io.weir.control.local.Documents;
import io.weir.control.store.Json;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Checks a configuration file without a running Weir. */
@Command(
        name = "check",
        description = "Checks a configuration file and all that it includes; shows every problem.",
        footer = {
            "",
            "Examples:",
            "  weir check /etc/weir/weir.yaml",
            "  weir check weir.yaml --strict -o json"
        })
final class CheckCommand extends WeirCommand {

    @Parameters(paramLabel = "FILE", description = "The main configuration file.")
    Path file = Path.of("");

    @Option(names = "--strict", description = "Warnings count as errors.")
    boolean strict;

    @Mixin Output output = new Output();

    CheckCommand(Console console) {
        super(console);
    }

    @Override
    boolean takes(List<String> words) {
        if (words.size() == 1) {
            file = Path.of(words.getFirst());
        }
        return words.size() == 1;
    }

    @Override
    public Integer call() {
        Loaded loaded =
                ConfigLoader.load(file, Environment.of(console.machine().environment(), file));
        WeirConfig config = loaded.config();
        List<Finding> findings =
                config == null ? List.of() : CertificateFindings.of(config, Instant.now());
        List<Problem> problems = new ArrayList<>(loaded.problems());
        if (config != null) {
            problems.addAll(RuleFiles.problems(config));
        }
        long errors =
                problems.stream().filter(Problem::isError).count()
                        + findings.stream().filter(Finding::isError).count();
        long warnings = problems.size() + findings.size() - errors;
        boolean valid = errors == 0 && (!strict || warnings == 0);
        if (!output.print(
                console,
                Json.object(
                        "file", file,
                        "valid", valid,
                        "errors", errors,
                        "warnings", warnings,
                        "problems", Documents.problems(problems),
                        "certificates", findings.stream().map(CheckCommand::text).toList()))) {
            problems.forEach(p -> console.print(p.toString()));
            findings.forEach(finding -> console.print(text(finding)));
            console.print(
                    file
                            + ": "
                            + (errors + warnings == 0 ? "" : count(errors, "error") + ", ")
                            + (errors + warnings == 0 ? "" : count(warnings, "warning") + "; ")
                            + (valid ? "valid" : "not valid")
                            + contents(loaded));
        }
        return valid ? ExitCode.OK : ExitCode.REFUSED;
    }

    private static String text(Finding finding) {
        return (finding.isError() ? "error" : "warning") + ": " + finding;
    }

    private static String contents(Loaded loaded) {
        WeirConfig config = loaded.config();
        if (config == null) {
            return "";
        }
        int nodes = config.pools().values().stream().mapToInt(CheckCommand::nodes).sum();
        return ": "
                + count(config.virtualServers().size(), "virtual server")
                + ", "
                + count(config.pools().size(), "pool")
                + ", "
                + count(nodes, "node");
    }

    private static int nodes(PoolConfig pool) {
        return pool.nodes().size();
    }

    private static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
