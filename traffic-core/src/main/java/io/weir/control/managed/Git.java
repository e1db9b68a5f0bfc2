package io.weir.control.managed;

import io.weir.control.store.Tree;

import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What Weir does with JGit below the level of revisions: repositories, trees, differences. */
final class Git {

    private static final int MAX_BLOB = 8 << 20;

    /**
     * The settings of every repository, which nobody else may change. The store packs itself; JGit
     * would go on with it in the background when the files are gone.
     */
    private static final String SETTINGS =
            """
            [core]
            \trepositoryformatversion = 0
            \tfilemode = true
            \tbare = true
            \tfsyncObjectFiles = true
            \tfsyncRefFiles = true
            [gc]
            \tauto = 0
            \tautoDetach = false
            """;

    private static boolean quiet;

    private Git() {}

    /**
     * Opens a bare repository that this process alone uses, or makes one. Locks that a killed
     * process has left are taken away.
     */
    static Repository open(Path directory) throws IOException {
        silence();
        if (!Files.isDirectory(directory)) {
            make(directory);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path lock : files.filter(f -> f.toString().endsWith(".lock")).toList()) {
                Files.delete(lock);
            }
        }
        settle(directory);
        return new FileRepositoryBuilder()
                .setGitDir(directory.toFile())
                .setBare()
                .setMustExist(true)
                .build();
    }

    /** Puts the settings right, which may be damaged, or those of an earlier Weir. */
    private static void settle(Path directory) throws IOException {
        Path settings = directory.resolve(Constants.CONFIG);
        byte[] wanted = SETTINGS.getBytes(StandardCharsets.UTF_8);
        if (!Files.isRegularFile(settings)
                || !Arrays.equals(Files.readAllBytes(settings), wanted)) {
            Path next = directory.resolve("config.new");
            Files.write(next, wanted);
            Files.move(next, settings, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** A repository appears whole or not at all. */
    private static void make(Path directory) throws IOException {
        Path temporary = directory.resolveSibling(directory.getFileName() + ".new");
        delete(temporary);
        try (Repository made = new FileRepository(temporary.toFile())) {
            made.create(true);
            made.updateRef(Constants.HEAD).link(History.BRANCH);
        }
        Files.move(temporary, directory);
    }

    /** Removes a directory and all in it, if it is there. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(directory)) {
                all = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : all) {
                Files.delete(each);
            }
        }
    }

    /** JGit reads no files and runs no programs outside of our repository. */
    private static synchronized void silence() {
        if (!quiet) {
            SystemReader.setInstance(new Silent(SystemReader.getInstance()));
            quiet = true;
        }
    }

    /** Writes the files of {@code tree}, those that are not there yet. */
    static ObjectId write(Tree tree, ObjectInserter inserter) throws IOException {
        return write(tree.files(), "", inserter);
    }

    private static ObjectId write(
            SortedMap<String, byte[]> files, String prefix, ObjectInserter inserter)
            throws IOException {
        // Git sorts a directory as if its name ended with a slash.
        Map<String, ObjectId> entries = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            String rest = file.getKey().substring(prefix.length());
            int slash = rest.indexOf('/');
            if (slash < 0) {
                entries.put(rest, inserter.insert(Constants.OBJ_BLOB, file.getValue()));
            } else if (!entries.containsKey(rest.substring(0, slash + 1))) {
                String directory = prefix + rest.substring(0, slash + 1);
                entries.put(
                        rest.substring(0, slash + 1),
                        write(
                                files.subMap(directory, directory + Character.MAX_VALUE),
                                directory,
                                inserter));
            }
        }
        TreeFormatter formatter = new TreeFormatter();
        entries.forEach(
                (name, id) -> {
                    boolean directory = name.endsWith("/");
                    formatter.append(
                            directory ? name.substring(0, name.length() - 1) : name,
                            directory ? FileMode.TREE : FileMode.REGULAR_FILE,
                            id);
                });
        return inserter.insert(formatter);
    }

    /**
     * Reads a tree, and checks everything against its id.
     *
     * @param damaged gets the ids of what is missing or damaged, as far as they can be known
     * @throws IOException when there is any
     */
    static Tree read(ObjectReader reader, ObjectId tree, Set<ObjectId> damaged) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        if (checked(reader, tree, Constants.OBJ_TREE, damaged) != null) {
            try (TreeWalk walk = new TreeWalk(reader)) {
                walk.addTree(tree);
                while (walk.next()) {
                    ObjectId id = walk.getObjectId(0);
                    int type = walk.isSubtree() ? Constants.OBJ_TREE : Constants.OBJ_BLOB;
                    byte[] bytes = checked(reader, id, type, damaged);
                    if (bytes != null && walk.isSubtree()) {
                        walk.enterSubtree();
                    } else if (bytes != null) {
                        files.put(walk.getPathString(), bytes);
                    }
                }
            } catch (RuntimeException e) {
                throw new IOException("the tree " + tree.name() + " is damaged: " + e, e);
            }
        }
        if (!damaged.isEmpty()) {
            throw new IOException("the object " + damaged.iterator().next().name() + " is damaged");
        }
        return new Tree(files);
    }

    /** The bytes of an object; null, with its id in {@code damaged}, when they do not have it. */
    static byte @Nullable [] checked(
            ObjectReader reader, ObjectId id, int type, Set<ObjectId> damaged) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            byte[] bytes = reader.open(id, type).getCachedBytes(MAX_BLOB);
            if (formatter.idFor(type, bytes).equals(id)) {
                return bytes;
            }
        } catch (IOException | RuntimeException e) {
            // Whatever JGit makes of it, it is not what was written.
        }
        damaged.add(id);
        return null;
    }

    /** Removes the files of damaged objects, which keep sound ones from being written. */
    static void removeLoose(Path directory, Set<ObjectId> damaged) throws IOException {
        for (ObjectId id : damaged) {
            Files.deleteIfExists(
                    directory
                            .resolve("objects")
                            .resolve(id.name().substring(0, 2))
                            .resolve(id.name().substring(2)));
        }
    }

    /** Takes away every loose object that is not what its name says, such as one cut short. */
    static void removeDamagedLoose(Path directory) throws IOException {
        Path objects = directory.resolve("objects");
        try (Repository repository = open(directory);
                Stream<Path> files = Files.walk(objects, 2);
                ObjectReader reader = repository.newObjectReader()) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = objects.relativize(file).toString().replaceAll("[/\\\\]", "");
                if (ObjectId.isId(name) && !isSound(reader, ObjectId.fromString(name))) {
                    Files.delete(file);
                }
            }
        }
    }

    private static boolean isSound(ObjectReader reader, ObjectId id) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            ObjectLoader loader = reader.open(id);
            return formatter.idFor(loader.getType(), loader.getCachedBytes(MAX_BLOB)).equals(id);
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** The files that differ, in the format of {@code git diff}. */
    static String difference(Tree before, Tree after) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DiffFormatter formatter = new DiffFormatter(out)) {
            for (String path : before.differences(after)) {
                byte[] old = before.get(path);
                byte[] now = after.get(path);
                out.writeBytes(
                        ("--- "
                                        + (old == null ? "/dev/null" : "a/" + path)
                                        + "\n+++ "
                                        + (now == null ? "/dev/null" : "b/" + path)
                                        + "\n")
                                .getBytes(StandardCharsets.UTF_8));
                RawText a = new RawText(old == null ? new byte[0] : old);
                RawText b = new RawText(now == null ? new byte[0] : now);
                EditList edits = new HistogramDiff().diff(RawTextComparator.DEFAULT, a, b);
                formatter.format(edits, a, b);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** A machine without configuration of its own. */
    private static final class Silent extends SystemReader.Delegate {

        Silent(SystemReader machine) {
            super(machine);
        }

        @Override
        public FileBasedConfig openUserConfig(Config parent, FS fs) {
            return new Empty(parent, fs);
        }

        @Override
        public FileBasedConfig openSystemConfig(Config parent, FS fs) {
            return new Empty(parent, fs);
        }

        @Override
        public FileBasedConfig openJGitConfig(Config parent, FS fs) {
            return new Empty(parent, fs);
        }
    }

    /** A configuration without a file. */
    private static final class Empty extends FileBasedConfig {

        Empty(Config parent, FS fs) {
            super(parent, new File("none"), fs);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
