package io.weir.launcher.command;

import io.weir.config.load.ConfigLoader;
import io.weir.config.load.DocumentKeys;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.config.load.Problem;
import io.weir.config.load.ProblemCode;
import io.weir.control.Edit;
import io.weir.control.local.Trees;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A configuration file with all that belongs to it, as edits that bring it into a managed store.
 * Files that it names relative to itself are taken along, those with absolute names stay where they
 * are. Confined to one thread.
 */
final class LocalFiles {

    /** What may be right where Weir runs although it is not here. */
    private static final Set<ProblemCode> NOT_HERE =
            EnumSet.of(
                    ProblemCode.SECRET_UNREADABLE,
                    ProblemCode.VARIABLE_UNSET,
                    ProblemCode.TLS_FILE,
                    ProblemCode.RULE_FILE,
                    ProblemCode.RESOURCE_FILE,
                    ProblemCode.ERROR_FILE);

    private static final int MAX_FILE = 4 << 20;

    private final Path directory;
    private final ObjectNode document;
    private final Map<String, byte[]> files = new TreeMap<>();

    private LocalFiles(Path directory, ObjectNode document) {
        this.directory = directory;
        this.document = document;
    }

    /** Reads a main file, or says what is wrong with it. */
    static LocalFiles read(Console console, Path main) throws CommandFailedException {
        Loaded loaded =
                ConfigLoader.load(main, Environment.of(console.machine().environment(), main));
        List<Problem> errors =
                loaded.errors().stream().filter(p -> !NOT_HERE.contains(p.code())).toList();
        if (!errors.isEmpty()) {
            errors.forEach(p -> console.print(p.toString()));
            throw new CommandFailedException(
                    ExitCode.REFUSED, main + " has errors, expected a valid configuration");
        }
        Path directory = main.toAbsolutePath().normalize().getParent();
        LocalFiles local =
                new LocalFiles(
                        directory == null ? Path.of("/") : directory,
                        loaded.document().withSecrets());
        try {
            local.gather(loaded);
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "a file of " + main + " cannot be read: " + e);
        }
        return local;
    }

    private void gather(Loaded loaded) throws IOException {
        Path rules = directory.resolve("rules");
        for (Loaded.SourceFile file : loaded.files()) {
            Path path = file.path().toAbsolutePath().normalize();
            if (rules.equals(path.getParent()) && path.toString().endsWith(".js")) {
                take("rules/" + path.getFileName(), path);
            } else if (path.startsWith(directory.resolve("resources"))) {
                take(directory.relativize(path).toString(), path);
            }
        }
        DocumentKeys.replaceTexts(
                document,
                (role, _, value) ->
                        switch (role) {
                            case SECRET -> secret(value);
                            case FILE -> file(value, "files/");
                            case PROGRAM -> file(value, Edit.PROGRAMS);
                            case OTHER -> value;
                        });
    }

    /** The secret itself when it lies beside the file; the store has it otherwise. */
    private String secret(String value) throws IOException {
        if (!DocumentKeys.isReference(value) || !value.startsWith("${file:")) {
            return value;
        }
        Path file = directory.resolve("secrets").resolve(value.substring(7, value.length() - 1));
        if (!Files.isRegularFile(file)) {
            return value;
        }
        String text = Files.readString(file);
        return (text.endsWith("\n") ? text.substring(0, text.length() - 1) : text)
                .replace("${", "$${");
    }

    /**
     * The name under which the store has a file.
     *
     * @param folder for files that have none of their own
     */
    private String file(String value, String folder) throws IOException {
        Path path;
        try {
            path = Path.of(value);
        } catch (InvalidPathException e) {
            return value; // The store says what is wrong with it.
        }
        Path here = directory.resolve(path).normalize();
        if (path.isAbsolute() || value.contains("${") || !Files.isRegularFile(here)) {
            return value;
        }
        String name = value;
        if (!here.startsWith(directory)
                || path.normalize().getNameCount() == 1
                || (folder.equals(Edit.PROGRAMS) && !path.normalize().startsWith(folder))) {
            name = folder + path.getFileName();
            for (int i = 2; files.containsKey(name) && differs(name, here); i++) {
                name = folder + i + "-" + path.getFileName();
            }
        } else {
            name = path.normalize().toString();
        }
        take(name, here);
        return name;
    }

    private boolean differs(String name, Path here) throws IOException {
        byte[] taken = files.get(name);
        return taken != null && !java.util.Arrays.equals(taken, Files.readAllBytes(here));
    }

    private void take(String name, Path from) throws IOException {
        if (Files.size(from) > MAX_FILE) {
            throw new IOException(from + " has more than " + MAX_FILE + " bytes");
        }
        files.put(name, Files.readAllBytes(from));
    }

    /**
     * Edits that make this the whole configuration.
     *
     * @param present paths of all files that the store has now
     */
    List<Object> wholeEdits(Set<?> present) {
        List<Object> edits = new ArrayList<>();
        Set<String> catalogs = Set.copyOf(DocumentKeys.catalogs());
        for (Object each : present) {
            String path = String.valueOf(each);
            int slash = path.indexOf('/');
            boolean ofDocument =
                    slash < 0
                            || (path.endsWith(".yaml")
                                    && catalogs.contains(path.substring(0, slash)));
            if (!ofDocument && !files.containsKey(path)) {
                edits.add(Json.object("remove-file", path));
            }
        }
        addFiles(edits);
        edits.add(Json.object("put", List.of(), "value", Trees.plain(document)));
        return edits;
    }

    /** Edits that put each object and each setting in its place. */
    List<Object> addingEdits() {
        List<Object> edits = new ArrayList<>();
        addFiles(edits);
        for (Map.Entry<String, JsonNode> section : document.properties()) {
            if (section.getValue() instanceof ObjectNode members) {
                for (Map.Entry<String, JsonNode> member : members.properties()) {
                    edits.add(put(member.getValue(), section.getKey(), member.getKey()));
                }
            } else {
                edits.add(put(section.getValue(), section.getKey()));
            }
        }
        return edits;
    }

    private static Object put(JsonNode value, String... path) {
        return Json.object("put", List.of(path), "value", Trees.plain(value));
    }

    private void addFiles(List<Object> edits) {
        files.forEach(
                (path, content) ->
                        edits.add(Json.object("put-file", path, "content", encoded(content))));
    }

    private static Object encoded(byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            return Json.object("base64", Base64.getEncoder().encodeToString(content));
        }
    }

    /** The bytes behind what {@link #encoded} makes; null when it is something else. */
    static byte @Nullable [] decoded(@Nullable Object content) {
        if (content instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return content instanceof Map<?, ?> map && map.get("base64") instanceof String text
                ? Base64.getDecoder().decode(text)
                : null;
    }
}
