package io.weir.launcher.process;

import io.weir.control.Control;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.Rehearsal;
import io.weir.event.EventBus;
import io.weir.event.EventTag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * The extensions of other modules, each started and stopped on a thread of its own, so that one
 * that fails or hangs harms nobody. Confined to one thread.
 */
public final class Extensions {

    private static final Duration START_TIME = Duration.ofSeconds(30);
    private static final Duration STOP_TIME = Duration.ofSeconds(5);

    private static final int MAX_ERRORS = 100;

    private final List<Running> running = new ArrayList<>();

    private record Running(Extension extension, Thread starter) {}

    /**
     * Makes every extension that there is.
     *
     * @param trouble told of each one that cannot be made
     */
    public static List<Extension> find(Consumer<String> trouble) {
        List<Extension> found = new ArrayList<>();
        Iterator<ServiceLoader.Provider<Extension>> providers =
                ServiceLoader.load(Extension.class).stream().iterator();
        // An error of the iterator is that of one provider; the bound is for one that never ends.
        for (int errors = 0; errors < MAX_ERRORS; ) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                found.add(providers.next().get());
            } catch (ServiceConfigurationError | LinkageError e) {
                errors++;
                trouble.accept("an extension is left out: " + e.getMessage() + cause(e));
            }
        }
        return found;
    }

    private static String cause(Throwable e) {
        return e.getCause() == null ? "" : ": " + e.getCause();
    }

    /** Starts {@code extensions} without waiting for them. */
    void start(List<Extension> extensions, ExtensionContext context) {
        for (Extension extension : extensions) {
            Thread starter =
                    Thread.ofVirtual()
                            .name("extension-" + extension.name())
                            .start(() -> start(extension, context));
            running.add(new Running(extension, starter));
        }
    }

    private static void start(Extension extension, ExtensionContext context) {
        Control control = context.control();
        EventBus events = context.events();
        String component = "extension " + extension.name();
        try {
            extension.start(context);
            control.report(component, null);
        } catch (Throwable e) {
            // Whatever it is, an extension must not take traffic down with it.
            control.report(component, "does not run: " + e);
            events.emit(
                    EventTag.INTERNALERROR,
                    component + " could not start: " + e + "; traffic goes on without it");
            stop(extension, events);
        }
    }

    /** What the first users of all will ask for, once all are started. */
    List<Rehearsal> rehearsals() throws InterruptedException {
        List<Rehearsal> all = new ArrayList<>();
        for (Running each : running) {
            if (each.starter.join(START_TIME)) {
                all.addAll(each.extension.rehearsals());
            }
        }
        return all;
    }

    /** Stops what was started and waits a bounded time for it. */
    void stop(EventBus events) {
        List<Thread> stoppers = new ArrayList<>();
        for (Running each : running) {
            stoppers.add(
                    Thread.ofVirtual()
                            .name("extension-stop-" + each.extension.name())
                            .start(
                                    () -> {
                                        each.starter.interrupt();
                                        stop(each.extension, events);
                                    }));
        }
        try {
            for (Thread stopper : stoppers) {
                stopper.join(STOP_TIME);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Extension extension, EventBus events) {
        try {
            extension.stop();
        } catch (Throwable e) {
            events.emit(
                    EventTag.INTERNALERROR,
                    "extension " + extension.name() + " could not stop: " + e);
        }
    }
}
