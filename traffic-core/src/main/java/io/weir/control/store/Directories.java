package io.weir.control.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where one Weir keeps its files. Two Weirs on one machine need different directories: another name
 * (which gives {@code weir-NAME} wherever the default is {@code weir}), or directories of their
 * own.
 *
 * @param run the control socket and its lock; nothing in it outlives the process
 * @param state the operational overlay and the last good configuration
 * @param log what is logged, unless the configuration names absolute paths
 */
public record Directories(Path run, Path state, Path log) {

    /**
     * What the operator asked for; null means the default.
     *
     * @param name letters, digits, dot, dash and underscore
     */
    public record Choice(
            @Nullable String name, @Nullable Path run, @Nullable Path state, @Nullable Path log) {

        /** Nothing asked for. */
        public static final Choice DEFAULT = new Choice(null, null, null, null);
    }

    /**
     * What the machine offers.
     *
     * @param root where {@code /run}, {@code /var} and {@code /tmp} are
     * @param uid of this process; 0 may write everywhere
     */
    public record Machine(Path root, Map<String, String> environment, Path home, int uid) {

        /** This machine, seen by this process. */
        public static Machine present() {
            return new Machine(
                    Path.of("/"),
                    System.getenv(),
                    Path.of(System.getProperty("user.home")),
                    ownUid());
        }
    }

    /**
     * The directories for a choice: what was asked for, else {@code WEIR_RUN_DIR}, {@code
     * WEIR_STATE_DIR} and {@code WEIR_LOG_DIR}, else the first usable place. Nothing is created.
     *
     * @throws IllegalArgumentException when the name holds other characters
     */
    public static Directories find(Choice choice, Machine machine) {
        Path state = given(choice.state(), machine, "WEIR_STATE_DIR");
        if (state == null) {
            state = defaultState(choice, machine);
        }
        Path log = given(choice.log(), machine, "WEIR_LOG_DIR");
        if (log == null) {
            Path system = machine.root().resolve("var/log").resolve(folder(choice, machine));
            log = usable(system, machine) ? system : state.resolve("log");
        }
        return new Directories(runCandidates(choice, machine).getFirst(), state, log);
    }

    /**
     * Every place where {@link #find} could have put the run directory, the likeliest first.
     *
     * @throws IllegalArgumentException when the name holds other characters
     */
    public static List<Path> runCandidates(Choice choice, Machine machine) {
        String folder = folder(choice, machine);
        Path given = given(choice.run(), machine, "WEIR_RUN_DIR");
        if (given != null) {
            return List.of(given);
        }
        Set<Path> places = new LinkedHashSet<>();
        String xdg = machine.environment().get("XDG_RUNTIME_DIR");
        if (xdg != null && Path.of(xdg).isAbsolute() && Files.isDirectory(Path.of(xdg))) {
            Path personal = Path.of(xdg, folder);
            if (usable(personal, machine)) {
                places.add(personal);
            }
        }
        Path system = machine.root().resolve("run").resolve(folder);
        Path personal =
                machine.root()
                        .resolve("tmp")
                        .resolve(machine.uid() < 0 ? folder : folder + "-" + machine.uid());
        if (usable(system, machine)) {
            places.add(system);
            places.add(personal);
        } else {
            places.add(personal);
            places.add(system);
        }
        return new ArrayList<>(places);
    }

    /**
     * Whether what lies in {@code run} was put there by somebody who may: us, root, or whoever may
     * write to a directory that not everybody may write to. For those who connect to it.
     */
    public static boolean trusted(Path run) {
        Path parent = run.toAbsolutePath().getParent();
        if (parent == null || !isPosix(run)) {
            return true;
        }
        try {
            Object owner = Files.getAttribute(run, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return owner.equals(ownUid())
                    || owner.equals(0)
                    || !Files.getPosixFilePermissions(parent)
                            .contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            return false;
        }
    }

    /** The control socket. */
    public Path socket() {
        return run.resolve("weir.sock");
    }

    /**
     * Creates what is missing, for the owner only, and makes sure that nobody else can have put
     * anything into the run and state directories.
     *
     * @throws IOException naming the directory and what is wrong with it
     */
    public void create() throws IOException {
        for (Path directory : List.of(run, state, log)) {
            try {
                createPrivately(directory);
            } catch (IOException e) {
                throw new IOException("cannot create the directory " + directory + ": " + e, e);
            }
        }
        mustBeOurs(run);
        mustBeOurs(state);
    }

    private static Path defaultState(Choice choice, Machine machine) {
        String folder = folder(choice, machine);
        Path system = machine.root().resolve("var/lib").resolve(folder);
        if (usable(system, machine)) {
            return system;
        }
        String xdg = machine.environment().get("XDG_STATE_HOME");
        Path states =
                xdg != null && Path.of(xdg).isAbsolute()
                        ? Path.of(xdg)
                        : machine.home().resolve(".local").resolve("state");
        return states.resolve(folder);
    }

    private static @Nullable Path given(@Nullable Path asked, Machine machine, String variable) {
        if (asked != null) {
            return asked.toAbsolutePath().normalize();
        }
        String value = machine.environment().get(variable);
        return value == null || value.isEmpty()
                ? null
                : Path.of(value).toAbsolutePath().normalize();
    }

    private static String folder(Choice choice, Machine machine) {
        String name = choice.name();
        if (name == null) {
            name = machine.environment().get("WEIR_NAME");
        }
        if (name == null || name.isEmpty()) {
            return "weir";
        }
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,39}")) {
            throw new IllegalArgumentException(
                    "the name is '"
                            + name
                            + "', expected up to 40 letters, digits, dots, dashes and underscores");
        }
        return "weir-" + name;
    }

    private static boolean usable(Path directory, Machine machine) {
        if (machine.uid() == 0) {
            return true;
        }
        Path parent = directory.getParent();
        return Files.isDirectory(directory)
                ? Files.isWritable(directory)
                : parent != null && Files.isWritable(parent);
    }

    private static void createPrivately(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (isPosix(directory)) {
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(directory);
        }
    }

    /** A directory somebody else made, under {@code /tmp} say, could hold a trap. */
    private static void mustBeOurs(Path directory) throws IOException {
        if (Files.isSymbolicLink(directory)) {
            throw new IOException(
                    "the directory "
                            + directory
                            + " is a symbolic link, expected a"
                            + " directory of its own");
        }
        if (!isPosix(directory)) {
            return;
        }
        Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int ours = ownUid();
        if (ours >= 0 && !owner.equals(ours) && !owner.equals(0)) {
            throw new IOException(
                    "the directory "
                            + directory
                            + " belongs to user "
                            + owner
                            + ", expected user "
                            + ours);
        }
        Set<PosixFilePermission> open = Files.getPosixFilePermissions(directory);
        if (open.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(
                    "the directory "
                            + directory
                            + " can be written by everybody, expected rwx------");
        }
    }

    /** The user of this process; -1 where the system does not say, as outside Linux. */
    private static int ownUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return -1;
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
