package io.weir.control;

import io.weir.config.load.ConfigDocument;
import io.weir.config.load.DocumentKeys;
import io.weir.config.load.Nearest;
import io.weir.config.load.ObjectText;
import io.weir.control.store.OwnerFiles;

import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Copies of the desired configuration that people have given names to (ZXTM's backups). Each is a
 * ZIP file in the directory {@code backups} of the state directory, with {@code weir.yaml} and the
 * files beside it, so {@code weir import} can read it, too. Secrets are not in it: references to
 * them are, so on another machine they have to be set again. Safe for every thread but an event
 * loop.
 */
public final class NamedBackups {

    private static final int MAX_BACKUPS = 100;
    private static final int MAX_CONTENT = 64 << 20;
    private static final int MAX_FILES = 20_000;
    private static final int MAX_DESCRIPTION = 1000;
    private static final String SUFFIX = ".zip";
    private static final String MAIN = "weir.yaml";

    /** Description, date and version, a line each. */
    private static final String ABOUT = "backup.txt";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}");

    private final Control control;
    private final Path directory;
    private final String version;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * @param stateDirectory where the backups are kept
     * @param version of Weir
     */
    public NamedBackups(Control control, Path stateDirectory, String version) {
        this.control = control;
        this.directory = stateDirectory.resolve("backups");
        this.version = version;
    }

    /**
     * A backup.
     *
     * @param description for people; may be empty
     * @param version of the Weir that made it
     */
    public record Backup(String name, String description, Instant date, String version) {}

    /** A backup with what it holds. */
    private record Content(Backup backup, ObjectNode document, Map<String, byte[]> files) {}

    /** All backups, by name. */
    public List<Backup> list() throws RefusedException {
        List<Backup> all = new ArrayList<>();
        for (String name : names()) {
            all.add(read(name, content(name)).backup());
        }
        return all;
    }

    /** The names of all backups. */
    public List<String> names() throws RefusedException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("."))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unavailable("the backups cannot be listed", e);
        }
    }

    /**
     * Makes a backup of the configuration in force.
     *
     * @throws RefusedException when files own the configuration, there is a backup of this name, or
     *     the name is none
     */
    public void create(String name, String description, Author author) throws RefusedException {
        lock.lock();
        try {
            fresh(name);
            if (description.length() > MAX_DESCRIPTION) {
                throw invalid(
                        "description",
                        description.length() + " characters long",
                        "at most " + MAX_DESCRIPTION);
            }
            RevisionContent revision = control.revisions().at(control.desired().revision());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                Instant now = control.status().now().truncatedTo(ChronoUnit.SECONDS);
                String line = description.replaceAll("[\\r\\n]+", " ");
                put(zip, ABOUT, text(line + "\n" + now + "\n" + version + "\n"));
                put(zip, MAIN, text(ObjectText.whole(revision.document())));
                for (Map.Entry<String, byte[]> file : revision.files().entrySet()) {
                    if (!isDocument(file.getKey())) {
                        put(zip, file.getKey(), file.getValue());
                    }
                }
            }
            OwnerFiles.directory(directory);
            OwnerFiles.write(file(name), out.toByteArray(), true);
            control.audit().accepted(author, "create-backup", objects(name), line(description));
        } catch (IOException e) {
            throw unavailable("the backup cannot be kept", e);
        } finally {
            lock.unlock();
        }
    }

    /** The ZIP file of a backup. */
    public byte[] content(String name) throws RefusedException {
        mustExist(name);
        try {
            return Files.readAllBytes(file(name));
        } catch (IOException e) {
            throw unavailable("the backup " + name + " cannot be read", e);
        }
    }

    /**
     * Keeps a ZIP file that {@link #content} has given, here or elsewhere.
     *
     * @throws RefusedException when it is none
     */
    public void upload(String name, byte[] content, Author author) throws RefusedException {
        lock.lock();
        try {
            fresh(name);
            var _ = read(name, content);
            OwnerFiles.directory(directory);
            OwnerFiles.write(file(name), content, true);
            control.audit().accepted(author, "upload-backup", objects(name), "");
        } catch (IOException e) {
            throw unavailable("the backup cannot be kept", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes backups, all or none.
     *
     * @throws RefusedException when one is not there
     */
    public void delete(List<String> names, Author author) throws RefusedException {
        lock.lock();
        try {
            for (String name : names) {
                mustExist(name);
            }
            for (String name : names) {
                Files.deleteIfExists(file(name));
                control.audit().accepted(author, "delete-backup", objects(name), "");
            }
        } catch (IOException e) {
            throw unavailable("the backup cannot be deleted", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts what a backup holds in force, as one change of the desired configuration.
     *
     * @throws RefusedException as {@link Control#change} does
     */
    public ChangeReport restore(String name, Author author) throws RefusedException {
        Content content = read(name, content(name));
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit.Put(List.of(), content.document()));
        content.files().forEach((path, bytes) -> edits.add(new Edit.PutFile(path, bytes)));
        for (ConfigStore.StoredFile file : control.files()) {
            if (!content.files().containsKey(file.path())) {
                edits.add(new Edit.RemoveFile(file.path()));
            }
        }
        String comment = "Restore the backup " + name;
        return control.change(new Change(edits, comment, null, false, true, null), author);
    }

    private Content read(String name, byte[] zipped) throws RefusedException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(zipped))) {
            int room = MAX_CONTENT;
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] content = zip.readNBytes(room + 1);
                room -= content.length;
                if (room < 0 || files.size() >= MAX_FILES) {
                    throw invalid(
                            "backup " + name,
                            "more than that",
                            "at most " + MAX_FILES + " files of " + MAX_CONTENT + " bytes in all");
                }
                files.put(entry.getName(), content);
            }
        } catch (IOException e) {
            throw invalid("backup " + name, e.toString(), "a ZIP file that Weir has made");
        }
        byte[] main = files.remove(MAIN);
        byte[] about = files.remove(ABOUT);
        List<String> lines = about == null ? List.of() : text(about).lines().toList();
        if (main == null || lines.size() < 3) {
            throw invalid("backup " + name, "something else", "a ZIP file that Weir has made");
        }
        try {
            return new Content(
                    new Backup(name, lines.get(0), Instant.parse(lines.get(1)), lines.get(2)),
                    ConfigDocument.read(Map.of(MAIN, text(main))).withSecrets(),
                    files);
        } catch (DateTimeParseException e) {
            throw invalid("date of the backup " + name, lines.get(1), "one such as 2030-01-31");
        }
    }

    /** Whether a file of a revision is a part of the document, which the backup has as a whole. */
    private static boolean isDocument(String path) {
        int slash = path.indexOf('/');
        return path.equals(MAIN)
                || (slash > 0
                        && path.endsWith(".yaml")
                        && DocumentKeys.catalogs().contains(path.substring(0, slash)));
    }

    private void fresh(String name) throws RefusedException {
        if (!NAME.matcher(name).matches()) {
            throw invalid(
                    "name of a backup",
                    "'" + name + "'",
                    "letters, digits, spaces and . _ - that begin with a letter or digit");
        }
        List<String> names = names();
        if (names.contains(name)) {
            throw new RefusedException(
                    new ControlProblem.Conflict("the backup " + name + " already exists"));
        }
        if (names.size() >= MAX_BACKUPS) {
            throw new RefusedException(
                    new ControlProblem.Unavailable(
                            "there are "
                                    + names.size()
                                    + " backups, expected at most "
                                    + MAX_BACKUPS
                                    + "; delete some first"));
        }
    }

    private void mustExist(String name) throws RefusedException {
        List<String> names = names();
        if (!names.contains(name)) {
            throw new RefusedException(
                    new ControlProblem.NotFound("backup", name, "", Nearest.to(name, names)));
        }
    }

    private Path file(String name) {
        return directory.resolve(name + SUFFIX);
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static String line(String description) {
        return description.length() <= 100 ? description : description.substring(0, 100) + "…";
    }

    private static List<String> objects(String name) {
        return List.of("backups/" + name);
    }

    private static RefusedException invalid(String thing, String found, String expected) {
        return new RefusedException(new ControlProblem.Invalid(thing, found, expected));
    }

    private static RefusedException unavailable(String what, IOException e) {
        return new RefusedException(
                new ControlProblem.Unavailable(what + ": " + e.getMessage()), e);
    }
}
