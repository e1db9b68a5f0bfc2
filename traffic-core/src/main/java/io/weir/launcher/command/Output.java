package io.weir.launcher.command;

import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

import picocli.CommandLine.Option;

import java.util.Locale;

/** The option that says how an answer is printed. */
final class Output {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "One of table (for people), json and yaml. Default: table.")
    Format format = Format.TABLE;

    /** How an answer is printed; the names are those of the command line. */
    enum Format {
        TABLE,
        JSON,
        YAML
    }

    /**
     * Prints {@code document} if a format for programs is wanted.
     *
     * @return false when it is to be printed for people
     */
    boolean print(Console console, @Nullable Object document) {
        switch (format) {
            case TABLE -> {
                return false;
            }
            case JSON -> console.out().println(harmless(Json.write(document)));
            case YAML -> {
                DumpSettings settings =
                        DumpSettings.builder()
                                .setDefaultFlowStyle(FlowStyle.BLOCK)
                                .setUseUnicodeEncoding(false) // escapes all but plain characters
                                .build();
                // Through JSON, so that times and paths are text.
                console.out()
                        .print(new Dump(settings).dumpToString(Json.read(Json.write(document))));
            }
        }
        console.out().flush();
        return true;
    }

    /**
     * JSON that no terminal is steered by and no locale damages: what is not ASCII is in strings,
     * and is escaped there.
     */
    private static String harmless(String json) {
        StringBuilder out = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x7f) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return out.toString();
    }
}
