package io.weir.launcher.command;

import io.weir.control.local.ControlClient;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The running Weir at the other end of the control socket. */
final class Remote {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Remote() {}

    /**
     * Runs a command there.
     *
     * @return the result
     * @throws CommandFailedException when there is no Weir, or it says no
     */
    static @Nullable Object call(
            Console console,
            InstanceOptions instance,
            Output output,
            String command,
            Map<String, ?> arguments)
            throws CommandFailedException {
        Map<String, @Nullable Object> answer;
        try (ControlClient client = ControlClient.connect(instance.runCandidates(console))) {
            answer = client.call(command, arguments, PATIENCE);
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()));
        }
        if (Boolean.TRUE.equals(answer.get("ok"))) {
            return answer.get("result");
        }
        Document problem = Document.of(answer.get("problem"));
        if (!output.print(console, answer)) {
            for (String list : List.of("problems", "warnings")) {
                for (Document each : problem.objects(list)) {
                    console.print(each.text("text"));
                }
            }
        }
        throw failure(problem);
    }

    static CommandFailedException failure(Document problem) {
        int code =
                switch (problem.text("code")) {
                    case "conflict" -> ExitCode.CONFLICT;
                    case "unavailable" -> ExitCode.UNREACHABLE;
                    default -> ExitCode.REFUSED;
                };
        return new CommandFailedException(code, problem.text("message"));
    }
}
