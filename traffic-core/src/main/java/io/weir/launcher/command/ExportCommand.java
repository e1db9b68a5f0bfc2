package io.weir.launcher.command;

import io.weir.config.load.DocumentKeys;
import io.weir.config.load.ObjectText;
import io.weir.control.Edit;
import io.weir.control.local.Trees;
import io.weir.control.store.OwnerFiles;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Writes the managed configuration to files or to standard output. */
@Command(
        name = "export",
        description = {
            "Writes the managed configuration as files that weir apply takes back.",
            "Secrets stay where they are: references and names stand in their place."
        },
        footer = {
            "",
            "Examples:",
            "  weir export > weir.yaml",
            "  weir export checkout/ && git -C checkout diff"
        })
final class ExportCommand extends WeirCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description =
                    "A directory for a file per object, and for rules and certificates; new, empty,"
                            + " or written by an earlier export. Without it, one document is"
                            + " printed.")
    @Nullable Path directory;

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            description = "The revision to write. Default: the one in force.")
    @Nullable Long revision;

    @Mixin InstanceOptions instance = new InstanceOptions();
    @Mixin Output output = new Output();

    ExportCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        arguments.put("revision", revision);
        Object answer = Remote.call(console, instance, output, "revision", arguments);
        Document content = Document.of(answer);
        Path to = directory;
        if (to != null) {
            try {
                write(content.object("files").values(), to);
            } catch (IOException e) {
                throw new CommandFailedException(
                        ExitCode.REFUSED, "the directory " + to + " cannot be written: " + e);
            }
            console.print("revision " + content.text("revision") + " written to " + to);
        } else if (!output.print(console, content.object("document").values())
                && Trees.of(content.object("document").values()) instanceof ObjectNode document) {
            console.out().print(ObjectText.whole(document));
            console.out().flush();
        }
        return ExitCode.OK;
    }

    private static void write(Map<?, ?> files, Path to) throws IOException {
        if (Files.isDirectory(to) && !Files.exists(to.resolve("weir.yaml")) && !isEmpty(to)) {
            throw new IOException("it has other files, expected a new or an exported directory");
        }
        Path root = to.toAbsolutePath().normalize();
        for (String section : DocumentKeys.catalogs()) {
            removeObjects(root, section, files.keySet());
        }
        for (Map.Entry<?, ?> file : files.entrySet()) {
            Path path = root.resolve(String.valueOf(file.getKey())).normalize();
            byte[] bytes = LocalFiles.decoded(file.getValue());
            if (bytes == null || !path.startsWith(root)) {
                throw new IOException("Weir sent a file that cannot be: " + file.getKey());
            }
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (String.valueOf(file.getKey()).startsWith(Edit.PROGRAMS)) {
                OwnerFiles.writeProgram(path, bytes);
            } else {
                Files.write(path, bytes);
            }
        }
    }

    /** Objects that are no more would come back with the next apply. */
    private static void removeObjects(Path root, String section, Set<?> kept) throws IOException {
        Path directory = root.resolve(section);
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> objects = Files.newDirectoryStream(directory, "*.yaml")) {
                for (Path object : objects) {
                    if (!kept.contains(section + "/" + object.getFileName())) {
                        Files.delete(object);
                    }
                }
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!entry.endsWith(".git")) {
                    return false;
                }
            }
            return true;
        }
    }
}
