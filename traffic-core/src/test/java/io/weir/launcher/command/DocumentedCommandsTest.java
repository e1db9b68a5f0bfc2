package io.weir.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.store.Directories;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands and exit codes that the documents and the examples tell are those there are. */
class DocumentedCommandsTest {

    /** Surefire runs tests in the module's directory. */
    private static final Path ROOT = Path.of("..");

    /** A line of its own that begins with the command, in a code block or a comment. */
    private static final Pattern LINE =
            Pattern.compile("(?m)^(?: {4}| *# +)(?:\\$ )?(?:\\./|bin/)?weir ([a-z].*)$");

    /** The command in the midst of a text. */
    private static final Pattern INLINE = Pattern.compile("`(?:\\./)?weir ([a-z][^`\n]*)`");

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)");

    @Test
    void everyCommandThatIsToldParses() throws IOException {
        List<String> told = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            for (Pattern pattern : List.of(LINE, INLINE)) {
                Matcher matcher = pattern.matcher(text);
                while (matcher.find()) {
                    List<String> words = words(matcher.group(1));
                    told.add(String.join(" ", words));
                    problem(words, pattern == INLINE)
                            .ifPresent(problem -> wrong.add(document + ": " + problem));
                }
            }
        }
        assertThat(told)
                .contains("demo", "check weir.yaml", "status --name edge")
                .hasSizeGreaterThan(30);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyExitCodeIsTold() throws Exception {
        String guide = Files.readString(ROOT.resolve("docs/operations.md"));
        for (Field code : ExitCode.class.getDeclaredFields()) {
            assertThat(guide).as(code.getName()).contains("\n| " + code.getInt(null) + " | ");
        }
    }

    /** What is wrong with a command; in the midst of a text its name may stand for it. */
    private static Optional<String> problem(List<String> words, boolean nameIsEnough) {
        CommandLine commands = Picocli.whole(console());
        if (nameIsEnough && words.size() == 1) {
            return commands.getSubcommands().containsKey(words.getFirst())
                    ? Optional.empty()
                    : Optional.of("there is no command " + words);
        }
        try {
            commands.parseArgs(words.toArray(String[]::new));
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(words + ": " + e.getMessage());
        }
    }

    /** The words of a line, up to a comment, a pipe or a redirection. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            String plain = matcher.group(3);
            if (plain != null && plain.matches("[#|>&;].*")) {
                break;
            }
            words.add(
                    plain != null
                            ? plain
                            : matcher.group().substring(1, matcher.group().length() - 1));
        }
        return words;
    }

    private static Iterable<Path> documents() throws IOException {
        TreeSet<Path> found = new TreeSet<>();
        for (Path place : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("config-examples"))) {
            try (Stream<Path> files = Files.list(place)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(found::add);
            }
        }
        try (Stream<Path> files = Files.walk(ROOT.resolve("config-examples/examples"))) {
            files.filter(file -> file.toString().endsWith(".yaml")).forEach(found::add);
        }
        return found;
    }

    private static Console console() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Path home = Path.of("nowhere");
        return new Console(
                nowhere,
                nowhere,
                new Directories.Machine(home, Map.of(), home, 1),
                directories -> {
                    throw new IllegalStateException("serves nothing");
                },
                () -> {});
    }
}
