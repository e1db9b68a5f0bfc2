package io.weir.config.load;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Finds the programs that monitors and actions run: a name without a slash is looked for in PATH
 * when it is run, any other is relative to the main file. Confined to one thread.
 */
final class ProgramFile {

    private static final String KEY = "program";

    private final Path directory;
    private final Problems problems;

    /**
     * @param directory what file names in the document are relative to
     */
    ProgramFile(Path directory, Problems problems) {
        this.directory = directory;
        this.problems = problems;
    }

    /** What is to be run. */
    String of(Section s, String program) {
        if (!isFile(program)) {
            return program;
        }
        try {
            Path written = Path.of(program);
            Path file = directory.resolve(written).toAbsolutePath().normalize();
            // What belongs to the machine may come and go, not what lies by the configuration.
            if (!written.isAbsolute() && !Files.isRegularFile(file)) {
                unusable(s, Files.exists(file) ? "it is not a file" : "there is no such file");
            }
            return file.toString();
        } catch (InvalidPathException e) {
            unusable(s, "it is not a path");
            return program;
        }
    }

    private void unusable(Section s, String reason) {
        String path = s.path(KEY);
        problems.error(
                s.place(KEY),
                path,
                ProblemCode.PROGRAM_FILE,
                path + ": the program " + s.shown(KEY) + " cannot be run: " + reason);
    }

    /** Whether a program is named by its file. */
    static boolean isFile(String program) {
        return program.contains("/");
    }
}
