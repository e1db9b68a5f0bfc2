package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import com.google.googlejavaformat.java.StringWrapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Every Java file of the project is what google-java-format makes of it in AOSP style.
 *
 * <p>It is a test, and not a plugin of the build, because the formatter must run on the JDK that
 * compiles the sources, and Maven itself may run on an older one. With {@code -Dweir.format=apply}
 * the files are rewritten instead.
 */
class FormatTest {

    private static final String FIX =
            "mvn -q -pl config-examples -am verify -Dtest=FormatTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dweir.format=apply";

    private final Formatter formatter =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());

    @Test
    void everyJavaFileIsFormatted() throws IOException {
        Path root = projectRoot();
        boolean apply = "apply".equals(System.getProperty("weir.format"));
        List<Path> files = javaFiles(root);
        List<Path> wrong =
                files.parallelStream().filter(file -> !isFormatted(file, apply)).toList();

        assertThat(files).as("Java files below %s", root).isNotEmpty();
        assertThat(wrong.stream().map(root::relativize))
                .as("files to be formatted; this does it: %s", FIX)
                .isEmpty();
    }

    /** Whether the file is as it should be, or has been made so. */
    private boolean isFormatted(Path file, boolean apply) {
        try {
            String source = Files.readString(file);
            String formatted = format(file, source);
            if (apply && !formatted.equals(source)) {
                Files.writeString(file, formatted);
            }
            return apply || formatted.equals(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String format(Path file, String source) {
        try {
            // The steps of google-java-format's own command line, in its order.
            String imports =
                    ImportOrderer.reorderImports(
                            RemoveUnusedImports.removeUnusedImports(source), Style.AOSP);
            return StringWrapper.wrap(formatter.formatSource(imports), formatter);
        } catch (FormatterException e) {
            throw new AssertionError(file + " cannot be parsed: " + e.getMessage(), e);
        }
    }

    /** The directory above this module; Surefire runs tests in the module's directory. */
    private static Path projectRoot() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attrs) {
                        String name = String.valueOf(dir.getFileName());
                        boolean skip = name.equals("target") || name.startsWith(".");
                        return skip && !dir.equals(root)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) {
                        if (file.toString().endsWith(".java")) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }
}
