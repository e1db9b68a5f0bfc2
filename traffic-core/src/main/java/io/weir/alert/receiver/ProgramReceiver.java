package io.weir.alert.receiver;

import io.weir.config.ActionConfig.Program;
import io.weir.event.Event;
import io.weir.monitor.ProgramRun;
import io.weir.time.Ticker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a program for each alert: its arguments, then the event as one line; the parts of the event
 * in variables. Exit status 0 is success, 75 (EX_TEMPFAIL of sysexits) asks for another attempt,
 * any other is final. A program that takes too long is killed with all that it started.
 */
final class ProgramReceiver implements Receiver {

    private static final int TEMPORARY_FAILURE = 75;

    private final Program settings;
    private final String machine;
    private final Duration timeout;
    private final Ticker ticker;

    ProgramReceiver(Program settings, String machine, Duration timeout, Ticker ticker) {
        this.settings = settings;
        this.machine = machine;
        this.timeout = timeout;
        this.ticker = ticker;
    }

    @Override
    public void send(List<Alert> alerts)
            throws IOException, UndeliverableException, InterruptedException {
        for (Alert alert : alerts) {
            run(alert);
        }
    }

    private void run(Alert alert) throws IOException, UndeliverableException, InterruptedException {
        Event event = alert.event();
        List<String> command = new ArrayList<>();
        command.add(settings.program());
        command.addAll(settings.arguments());
        // No program can be given a NUL.
        command.add(alert.line().replace('\0', ' '));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("WEIR_MACHINE", machine);
        environment.put("WEIR_TIME", event.time().toString());
        environment.put("WEIR_SEVERITY", event.severity().name());
        environment.put("WEIR_TAG", event.tag().keyword());
        environment.put("WEIR_OBJECTS", alert.objects());
        environment.put("WEIR_EVENT_TYPE", alert.eventType());
        environment.put("WEIR_TEXT", event.text().replace('\0', ' '));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UndeliverableException("the program cannot be run: " + e.getMessage(), e);
        }
        ProgramRun.Ended ended = ProgramRun.await(process, timeout, ticker);
        String said = ended.said().isEmpty() ? "" : ": " + ended.said();
        Integer status = ended.status();
        if (status == null) {
            throw new UndeliverableException(
                    "the program did not end within "
                            + timeout.toMillis()
                            + " ms and was killed"
                            + said);
        }
        if (status == TEMPORARY_FAILURE) {
            throw new IOException("exit status " + status + said);
        }
        if (status != 0) {
            throw new UndeliverableException("exit status " + status + ", expected 0" + said);
        }
    }
}
