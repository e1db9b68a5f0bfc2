package io.weir.soap;

import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.Operation;
import io.weir.testkit.MadeFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The list of operations for readers, which is made from the table and the code. */
class OperationsListTest {

    private static final Path LIST = Path.of("..", "docs", "soap-operations.md");

    @TempDir Path directory;

    @Test
    void isUpToDate() throws Exception {
        String list;
        try (SoapRig rig = SoapRig.managed(directory, "pools: {web: {nodes: [\"a:80\"]}}\n")) {
            list = list(rig);
        }
        MadeFile.mustHave(LIST, list);
    }

    private static String list(SoapRig rig) {
        StringBuilder out =
                new StringBuilder(
                        """
                        # Operations of the SOAP control API

                        Made by `OperationsListTest` from the table and the code. Operations that are not supported
                        answer with the fault InvalidOperation, or LicenseError where only that is declared, and say
                        why. Most operations have a twin `...ByLocation`, which takes the location `Default`; twins are
                        not listed. `fixed` means that a property always has the value given, and that setting another
                        one is refused with InvalidInput.
                        """);
        for (Map.Entry<String, Api> entry : rig.dispatcher.tables().byFile().entrySet()) {
            if (!entry.getValue().isCallback()) {
                api(rig, entry.getValue(), out);
            }
        }
        return out.toString();
    }

    private static void api(SoapRig rig, Api api, StringBuilder out) {
        List<String> supported = new ArrayList<>();
        List<String> fixed = new ArrayList<>();
        Map<String, List<String>> lacking = new TreeMap<>();
        for (Operation operation : api.all()) {
            if (operation.located()) {
                continue;
            }
            String name = "`" + operation.name() + "`";
            if (!rig.dispatcher.supports(operation)) {
                String reason =
                        operation.backing() instanceof Backing.Lacking(String why)
                                ? why
                                : "no such capability";
                lacking.computeIfAbsent(reason, r -> new ArrayList<>()).add(name);
            } else if (operation.backing() instanceof Backing.Mapped mapped
                    && mapped.kind().equals("fixed")) {
                if (operation.verb() == Operation.Verb.GET) {
                    fixed.add("`" + operation.subject() + "` " + mapped.word(0));
                }
            } else {
                supported.add(name);
            }
        }
        out.append("\n## ").append(api.name()).append(' ').append(api.version()).append("\n\n");
        out.append("Supported: ").append(joined(supported)).append(".\n");
        if (!fixed.isEmpty()) {
            out.append("\nFixed: ").append(joined(fixed)).append(".\n");
        }
        lacking.forEach(
                (reason, names) ->
                        out.append("\nNot supported, ")
                                .append(reason)
                                .append(": ")
                                .append(joined(names))
                                .append(".\n"));
    }

    private static String joined(List<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }
}
