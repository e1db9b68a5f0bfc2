package io.weir.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.users.Accounts;
import io.weir.admin.users.PasswordCheck;
import io.weir.control.Configs;
import io.weir.control.Control;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.ManualTicker;
import io.weir.control.RecordingEvents;
import io.weir.control.RecordingPlane;
import io.weir.control.SettableSource;
import io.weir.control.Users;
import io.weir.control.store.AccountStore;
import io.weir.control.store.Directories;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventTag;
import io.weir.metrics.Metrics;
import io.weir.testkit.Await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

class ExtensionsTest {

    @TempDir Path home;

    private final RecordingEvents events = new RecordingEvents();
    private Control control;
    private ExtensionContext context;

    @BeforeEach
    void start() throws Exception {
        control =
                Control.start(
                        new SettableSource(Configs.web("a:80")),
                        RecordingPlane::new,
                        new OverlayStore(home),
                        null,
                        events,
                        new ManualTicker());
        context =
                new ExtensionContext(
                        control,
                        events,
                        new ManualTicker(),
                        new Directories(home, home, home),
                        new Metrics(1),
                        (path, handler, options) -> () -> {},
                        users());
    }

    @Test
    void areStartedWithWhatTheyMayUseAndStopped() {
        AtomicReference<@Nullable ExtensionContext> given = new AtomicReference<>();
        CountDownLatch stopped = new CountDownLatch(1);
        Extensions extensions = new Extensions();
        extensions.start(List.of(new Scripted("soap", given::set, stopped::countDown)), context);
        Await.until("it to be given the context", () -> context.equals(given.get()));
        extensions.stop(events);
        assertThat(stopped.getCount()).isZero();
        assertThat(events.tags()).containsExactly(EventTag.RUNNING);
    }

    @Test
    void doNoHarmWhenOneFails() {
        AtomicReference<@Nullable ExtensionContext> given = new AtomicReference<>();
        Extensions extensions = new Extensions();
        extensions.start(
                List.of(
                        new Scripted(
                                "broken",
                                c -> {
                                    throw new NoClassDefFoundError("io/weir/Gone");
                                },
                                () -> {
                                    throw new IllegalStateException("cannot stop either");
                                }),
                        new Scripted("well", given::set, () -> {})),
                context);
        Await.until("it to be given the context", () -> context.equals(given.get()));
        Await.until("the health to be told", () -> control.health().degraded());
        assertThat(control.health().ready()).isTrue();
        assertThat(control.health().reasons())
                .singleElement()
                .asString()
                .contains("extension broken")
                .contains("io/weir/Gone");
        assertThat(events.texts(EventTag.INTERNALERROR).getFirst())
                .contains("traffic goes on without it");
        extensions.stop(events);
    }

    @Test
    void areLeftBehindWhenTheyHangInStarting() {
        CountDownLatch interrupted = new CountDownLatch(1);
        Extensions extensions = new Extensions();
        extensions.start(
                List.of(
                        new Scripted(
                                "slow",
                                c -> {
                                    try {
                                        new CountDownLatch(1).await();
                                    } catch (InterruptedException e) {
                                        interrupted.countDown();
                                    }
                                },
                                () -> {})),
                context);
        extensions.stop(events);
        Await.until("an interruption", () -> interrupted.getCount() == 0);
    }

    @Test
    void areFoundEvenIfOneCannotBeMade() throws Exception {
        Path services = Files.createDirectories(home.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(Extension.class.getName()),
                "io.weir.Missing\n" + Unmakeable.class.getName() + "\n" + Good.class.getName());
        List<String> troubles = new ArrayList<>();
        List<Extension> found;
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {home.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            found = Extensions.find(troubles::add);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(found).extracting(Extension::name).contains("good");
        assertThat(troubles).anyMatch(t -> t.contains("io.weir.Missing"));
        assertThat(troubles).anyMatch(t -> t.contains("Unmakeable"));
    }

    /** An extension that does what a test says. */
    private record Scripted(String name, Start onStart, Runnable onStop) implements Extension {

        private interface Start {
            void run(ExtensionContext context);
        }

        @Override
        public void start(ExtensionContext context) {
            onStart.run(context);
        }

        @Override
        public void stop() {
            onStop.run();
        }
    }

    /** An extension as a module would bring it. */
    public static final class Good implements Extension {
        @Override
        public String name() {
            return "good";
        }

        @Override
        public void start(ExtensionContext context) {}

        @Override
        public void stop() {}
    }

    /** An extension whose constructor fails. */
    public static final class Unmakeable implements Extension {
        public Unmakeable() {
            throw new IllegalStateException("no");
        }

        @Override
        public String name() {
            return "unmakeable";
        }

        @Override
        public void start(ExtensionContext context) {}

        @Override
        public void stop() {}
    }

    private Users users() {
        Accounts accounts =
                Accounts.open(
                        new AccountStore(home), events, new ManualTicker(), new SecureRandom());
        PasswordCheck passwords =
                new PasswordCheck(
                        accounts, events, new ManualTicker(), new SecureRandom(), delay -> {});
        return new Users(accounts, passwords, control.audit());
    }
}
