package io.weir.config.load;

import java.nio.file.Files;
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
        Path written = Path.of(program);
        Path file = directory.resolve(written).toAbsolutePath().normalize();
        // What belongs to the machine may come and go; what lies beside the configuration may not.
        if (!written.isAbsolute() && !Files.isRegularFile(file)) {
            problems.error(
                    s.place(KEY),
                    s.path(KEY),
                    ProblemCode.PROGRAM_FILE,
                    s.path(KEY)
                            + ": the program "
                            + s.shown(KEY)
                            + " cannot be run: "
                            + (Files.exists(file) ? "it is not a file" : "there is no such file"));
        }
        return file.toString();
    }

    /** Whether a program is named by its file. */
    static boolean isFile(String program) {
        return program.contains("/");
    }
}
