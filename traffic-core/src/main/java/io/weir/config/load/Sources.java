package io.weir.config.load;

import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the main file and what it includes, and puts them together to one document. Each file's
 * structure is checked by itself; objects of all files share one name space.
 */
final class Sources {

    /** Files that one configuration may consist of. */
    static final int MAX_FILES = 10_000;

    private static final List<String> OBJECTS = DocumentKeys.catalogs();
    private static final String STANDARD_DIRECTORY = "conf.d";

    private final SourceFiles files;
    private final Set<Path> directories = new LinkedHashSet<>();
    private final List<Mapping> roots = new ArrayList<>();
    private final Substitution substitution;
    private final StructureCheck structure;
    private final Problems problems;
    private boolean complete = true;

    Sources(Environment environment, Problems problems) {
        this(environment, Map.of(), problems);
    }

    /**
     * @param kept texts that rules and address lists have whatever lies in their files
     */
    Sources(Environment environment, Map<String, String> kept, Problems problems) {
        this.problems = problems;
        this.files = new SourceFiles(kept);
        this.substitution = new Substitution(environment, files, problems);
        this.structure = new StructureCheck(problems);
    }

    /** Reads the main file and what it includes. */
    void read(Path main) {
        directories.add(parent(main).toAbsolutePath());
        Mapping root = file(main, Place.whole(main), false);
        if (root != null) {
            for (Map.Entry<Path, Place> include : includes(main, root).entrySet()) {
                if (!sameFile(include.getKey(), main)) {
                    file(include.getKey(), include.getValue(), true);
                }
            }
        }
    }

    /** Takes {@code text} for the main file; nothing is included. */
    void take(Path name, String text) {
        problems.reading(name);
        document(name, text, false);
    }

    /** Takes a document that was made in memory. */
    void take(Mapping root) {
        problems.reading(root.place().file());
        structure.check(root, Schema.root(), "");
        roots.add(root);
    }

    /** Takes a part as it is, to be put together with others. */
    void add(Mapping part) {
        roots.add(part);
    }

    /** Whether every file could be understood, so that names which are missing are missing. */
    boolean complete() {
        return complete;
    }

    /** Files whose content counts as part of the configuration, such as certificates. */
    void alsoRead(Iterable<Path> others) {
        others.forEach(files::other);
    }

    List<Loaded.SourceFile> files() {
        return files.list();
    }

    /** The text of a rule's file, which from now on belongs to the configuration. */
    String rule(Path file) throws IOException {
        return files.rule(file);
    }

    /** The bytes of a file that rules may read, which from now on belongs to the configuration. */
    byte[] resource(Path file) throws IOException {
        return files.resource(file);
    }

    /** A directory in which a new file would change the outcome. */
    void alsoWatch(Path directory) {
        directories.add(directory.toAbsolutePath());
    }

    List<Path> directories() {
        return List.copyOf(directories);
    }

    /** All files as one document. An object that stands in two files is reported. */
    Mapping merged(Path main) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (Mapping root : roots) {
            root.members()
                    .forEach(
                            (key, member) -> {
                                Member former = members.get(key);
                                if (former == null) {
                                    members.put(key, member);
                                } else if (OBJECTS.contains(key)) {
                                    members.put(key, together(key, former, member));
                                } else if (key.equals("global")) {
                                    twice("global", former.key(), member.key());
                                }
                            });
        }
        return new Mapping(Place.whole(main), members);
    }

    private Member together(String key, Member former, Member next) {
        if (!(former.value() instanceof Mapping a) || !(next.value() instanceof Mapping b)) {
            return former.value() instanceof Mapping ? former : next;
        }
        Map<String, Member> objects = new LinkedHashMap<>(a.members());
        b.members()
                .forEach(
                        (name, member) -> {
                            Member taken = objects.putIfAbsent(name, member);
                            if (taken != null) {
                                twice(StructureCheck.path(key, name), taken.key(), member.key());
                            }
                        });
        return new Member(
                former.key(), new Mapping(a.place(), Collections.unmodifiableMap(objects)));
    }

    private void twice(String path, Place first, Place second) {
        problems.error(
                second,
                path,
                ProblemCode.OBJECT_TWICE,
                path + " stands here and in " + first.brief());
    }

    private @Nullable Mapping file(Path file, Place cause, boolean included) {
        String text = files.text(file, cause, problems);
        if (text == null) {
            complete = false;
            return null;
        }
        return document(file, text, included);
    }

    private @Nullable Mapping document(Path file, String text, boolean included) {
        int before = problems.errors();
        Node node = YamlReader.read(file, text, problems);
        if (node == null) {
            if (problems.errors() == before) {
                empty(file, included);
            }
            complete = false;
            return null;
        }
        Node substituted = substitution.in(node);
        structure.check(substituted, Schema.root(), "");
        if (!(substituted instanceof Mapping root)) {
            complete = false;
            return null;
        }
        Member include = root.members().get("include");
        if (included && include != null) {
            problems.error(
                    include.key(),
                    "include",
                    ProblemCode.INCLUDE,
                    "only the main file can include others");
        }
        roots.add(root);
        return root;
    }

    private void empty(Path file, boolean included) {
        if (included) {
            problems.warning(
                    Place.whole(file), "", ProblemCode.EMPTY_FILE, "the file has nothing in it");
        } else {
            problems.error(
                    Place.whole(file),
                    "",
                    ProblemCode.EMPTY_FILE,
                    "the file has nothing in it, expected at least one virtual server");
        }
    }

    /** The files to include, sorted within each pattern, with the place that asks for them. */
    private Map<Path, Place> includes(Path main, Mapping root) {
        Map<Path, Place> found = new LinkedHashMap<>();
        if (!root.members().containsKey("include")) {
            Path directory = main.resolveSibling(STANDARD_DIRECTORY);
            if (Files.isDirectory(directory)) {
                matching(directory, "*.yaml", Place.whole(main), found);
                notIncluded(directory, found.keySet());
            }
        } else if (root.get("include") instanceof Sequence patterns) {
            for (Node item : patterns.items()) {
                if (!problems.isFaulty(item) && item instanceof Scalar pattern) {
                    include(main, pattern, found);
                }
            }
        }
        if (found.size() >= MAX_FILES) {
            problems.error(
                    Place.whole(main),
                    "include",
                    ProblemCode.TOO_LARGE,
                    "more than " + MAX_FILES + " files are included");
            complete = false;
            return Map.of();
        }
        return found;
    }

    private void include(Path main, Scalar pattern, Map<Path, Place> found) {
        String reason = null;
        try {
            Path path = main.resolveSibling(pattern.text());
            String last = String.valueOf(path.getFileName());
            Path directory = parent(path);
            boolean wild = last.contains("*") || last.contains("?");
            if (directory.toString().matches(".*[*?].*")) {
                reason = "expected wildcards in the last part of the path only";
            } else if (wild && !Files.isDirectory(directory)) {
                reason = "there is no such directory";
            } else if (wild) {
                matching(directory, last, pattern.place(), found);
            } else {
                found.putIfAbsent(path, pattern.place());
            }
        } catch (InvalidPathException e) {
            reason = "it is not a path";
        }
        if (reason != null) {
            problems.error(
                    pattern.place(),
                    "include",
                    ProblemCode.INCLUDE,
                    "include: found " + pattern.shown() + ", " + reason);
        }
    }

    private void matching(Path directory, String glob, Place cause, Map<Path, Place> found) {
        directories.add(directory.toAbsolutePath());
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            regex.append(
                    switch (glob.charAt(i)) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(glob.substring(i, i + 1));
                    });
        }
        Pattern pattern = Pattern.compile(regex.toString());
        for (Path path : entries(directory, cause)) {
            String name = String.valueOf(path.getFileName());
            boolean hidden = name.startsWith(".") && !glob.startsWith(".");
            if (!hidden && pattern.matcher(name).matches() && !Files.isDirectory(path)) {
                found.putIfAbsent(path, cause);
            }
        }
    }

    /** Warns of files in the standard directory that look as if they were meant to be read. */
    private void notIncluded(Path directory, Set<Path> found) {
        for (Path path : entries(directory, Place.whole(directory))) {
            String name = String.valueOf(path.getFileName());
            if (!name.startsWith(".") && name.matches(".*\\.(yml|json)") && !found.contains(path)) {
                problems.warning(
                        Place.whole(path),
                        "",
                        ProblemCode.NOT_INCLUDED,
                        "the file is not read: only *.yaml is, unless 'include' says otherwise");
            }
        }
    }

    /** What lies in a directory, sorted; as paths, since not every name on disk is a text. */
    private Set<Path> entries(Path directory, Place cause) {
        Set<Path> entries = new TreeSet<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            problems.error(
                    cause,
                    "include",
                    ProblemCode.INCLUDE,
                    "the directory " + directory + " cannot be read: " + SourceFiles.reason(e));
            complete = false;
        }
        return entries;
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }

    private static boolean sameFile(Path a, Path b) {
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    }
}
