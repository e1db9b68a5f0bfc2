package io.weir.launcher.command;

import io.weir.config.load.Problem;
import io.weir.control.Author;
import io.weir.control.ConfigSource;
import io.weir.control.ControlProblem;
import io.weir.control.ControlStatus;
import io.weir.control.Ending;
import io.weir.control.RefusedException;
import io.weir.control.store.Directories;
import io.weir.control.store.DirectoryLock;
import io.weir.launcher.process.Server;
import io.weir.log.PlainText;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Starting a Weir in this process, telling people about it, and serving until it is stopped. */
final class Serving {

    private Serving() {}

    /** Starts, or says in one line why not. */
    static Server start(
            Console console, ConfigSource source, boolean remember, Directories directories)
            throws CommandFailedException {
        try {
            return Server.start(source, remember, directories, console.parts());
        } catch (DirectoryLock.BusyException e) {
            throw new CommandFailedException(
                    ExitCode.CONFLICT,
                    e.getMessage() + "; give this one another --name, or other directories");
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailedException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            if (e.problem() instanceof ControlProblem.BadConfiguration bad) {
                bad.problems().forEach(p -> console.err().println(line(p)));
            }
            throw new CommandFailedException(ExitCode.REFUSED, e.problem().message());
        }
    }

    /** Starts a Weir, for the first time or once more. */
    @FunctionalInterface
    interface Starter {
        Server start() throws CommandFailedException;
    }

    /** Serves until somebody stops it, also after it was told to start again. */
    static int serve(Console console, Starter starter, Consumer<ControlStatus> announce)
            throws CommandFailedException {
        // The start of the process is known to the second only, and lies before a build.
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        Instant begin = Instant.ofEpochMilli(started);
        @Nullable Ending before = null;
        while (true) {
            Server server = starter.start();
            Ending ending = server.control().ending();
            try (server) {
                ControlStatus status = server.control().status();
                warn(console, status);
                ready(console, status, Duration.between(begin, Instant.now()));
                announce.accept(status);
                console.out().flush();
                server.followSignals(console.halt());
                if (before != null && !before.startsAgain()) {
                    // The one before still heard the signals until now.
                    server.stop(Author.WEIR);
                }
                server.complete(console::print, console::complain);
                server.awaitStop();
                console.print(ending.startsAgain() ? "weir: starts again" : "weir: stopped");
                console.out().flush();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.PARTIAL;
            }
            if (!ending.startsAgain()) {
                return ExitCode.OK;
            }
            before = ending;
            begin = Instant.now();
        }
    }

    private static void warn(Console console, ControlStatus status) {
        ControlProblem refusal = status.configuration().refusal();
        if (refusal != null) {
            if (refusal instanceof ControlProblem.BadConfiguration bad) {
                bad.problems().forEach(p -> console.err().println(line(p)));
            }
            console.complain("the last good configuration runs, because " + refusal.message());
        }
    }

    private static void ready(Console console, ControlStatus status, Duration took) {
        String serving =
                status.plane().virtualServers().stream()
                        .map(Serving::serving)
                        .collect(Collectors.joining("; "));
        console.print(
                "weir: ready after "
                        + took.toMillis()
                        + " ms, pid "
                        + ProcessHandle.current().pid()
                        + ", serving "
                        + (serving.isEmpty() ? "nothing" : serving));
    }

    private static String serving(DataPlane.VirtualServerStatus server) {
        List<String> listen = server.listen();
        return server.name() + " on " + (listen.isEmpty() ? "nothing" : String.join(", ", listen));
    }

    private static String line(Problem problem) {
        return PlainText.of(problem.toString());
    }
}
