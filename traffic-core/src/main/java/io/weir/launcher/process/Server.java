package io.weir.launcher.process;

import io.weir.admin.server.AdminServer;
import io.weir.admin.users.AccountRefusedException;
import io.weir.admin.users.Accounts;
import io.weir.admin.users.Gatekeeper;
import io.weir.admin.users.PasswordCheck;
import io.weir.config.AdminConfig;
import io.weir.control.Audit;
import io.weir.control.Author;
import io.weir.control.ConfigSource;
import io.weir.control.Control;
import io.weir.control.Extension;
import io.weir.control.ExtensionContext;
import io.weir.control.FileWatch;
import io.weir.control.RefusedException;
import io.weir.control.Rehearsal;
import io.weir.control.ReloadRequest;
import io.weir.control.Users;
import io.weir.control.local.ControlSocket;
import io.weir.control.local.MetricsListener;
import io.weir.control.store.AccountStore;
import io.weir.control.store.Directories;
import io.weir.control.store.DirectoryLock;
import io.weir.control.store.LastGood;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventBus;
import io.weir.event.EventTag;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A Weir that serves: started in an order that lets traffic begin as early as possible, stopped in
 * the opposite one. Confined to the thread that made it, but for {@link #stop}.
 */
public final class Server implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(500);

    /** The wait for a change of files that may still go on. */
    private static final Duration SETTLING = Duration.ofMillis(250);

    private static final int LOOKS_PER_RETRY = 20;

    private final Directories directories;
    private final DirectoryLock runLock;
    private final DirectoryLock stateLock;
    private final Parts parts;
    private final Control control;
    private final Accounts accounts;
    private final PasswordCheck passwords;
    private final Users users;
    private final Extensions extensions = new Extensions();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean greeted = new AtomicBoolean();

    private @Nullable ControlSocket socket;
    private @Nullable MetricsListener metrics;
    private @Nullable AdminServer admin;
    private @Nullable Thread housekeeping;

    private Server(
            Directories directories,
            DirectoryLock runLock,
            DirectoryLock stateLock,
            Parts parts,
            Control control) {
        this.directories = directories;
        this.runLock = runLock;
        this.stateLock = stateLock;
        this.parts = parts;
        this.control = control;
        SecureRandom random = new SecureRandom();
        this.accounts =
                Accounts.open(
                        new AccountStore(directories.state()),
                        parts.events(),
                        parts.ticker(),
                        random);
        this.passwords =
                new PasswordCheck(accounts, parts.events(), parts.ticker(), random, Thread::sleep);
        this.users = new Users(accounts, passwords, control.audit());
    }

    /**
     * Starts the data plane and the control socket. When this returns, Weir listens.
     *
     * @param remember whether the configuration is to be kept as last good
     * @throws DirectoryLock.BusyException when another Weir uses the directories
     * @throws RefusedException when there is no configuration that can be put in force
     * @throws IOException when the directories cannot be used
     */
    public static Server start(
            ConfigSource source, boolean remember, Directories directories, Parts.Factory factory)
            throws IOException, RefusedException {
        directories.create();
        DirectoryLock runLock = DirectoryLock.claim(directories.run());
        DirectoryLock stateLock = null;
        Parts parts = null;
        try {
            stateLock =
                    directories.state().equals(directories.run())
                            ? runLock
                            : DirectoryLock.claim(directories.state());
            parts = factory.make(directories);
            Control control =
                    Control.start(
                            source,
                            parts,
                            new OverlayStore(directories.state()),
                            remember ? new LastGood(directories.state()) : null,
                            Audit.in(directories.state().resolve("audit"), parts.ticker()),
                            parts.events(),
                            parts.ticker());
            Server server = new Server(directories, runLock, stateLock, parts, control);
            server.openSocket();
            return server;
        } catch (IOException | RefusedException | RuntimeException e) {
            if (parts != null) {
                parts.close();
            }
            if (stateLock != null) {
                stateLock.close();
            }
            runLock.close();
            throw e;
        }
    }

    /** The façade. */
    public Control control() {
        return control;
    }

    /** Where its files are. */
    public Directories directories() {
        return directories;
    }

    /** Where the metrics are; null before {@link #complete} and when they are nowhere. */
    public @Nullable InetSocketAddress metrics() {
        MetricsListener listener = metrics;
        return listener == null ? null : listener.address();
    }

    /** Where the admin server is; null before {@link #complete} and when there is none. */
    public @Nullable InetSocketAddress admin() {
        AdminServer server = admin;
        return server == null ? null : server.address();
    }

    private void openSocket() {
        try {
            socket =
                    ControlSocket.open(
                            directories.socket(), control, users, parts.events(), parts.ticker());
        } catch (IOException e) {
            control.report("control socket", e.getMessage());
            parts.events()
                    .emit(EventTag.INTERNALERROR, e.getMessage() + "; traffic goes on without it");
        }
    }

    /**
     * Starts what traffic need not wait for: logs, metrics, admin server, file watch, extensions.
     *
     * @param notice told what people need to know once: the secret of the first user
     * @param trouble told what does not work
     */
    public void complete(Consumer<String> notice, Consumer<String> trouble) {
        EventBus events = parts.events();
        parts.complete(control);
        housekeeping = Thread.ofVirtual().name("housekeeping").start(this::keepHouse);
        MetricsListener listener =
                new MetricsListener(control, parts.metrics(), events, machineNames());
        metrics = listener;
        control.follow(listener::follow);
        AdminServer server = startAdmin(notice);
        List<Extension> found =
                Extensions.find(
                        problem -> {
                            trouble.accept(problem);
                            events.emit(EventTag.INTERNALERROR, problem);
                        });
        extensions.start(
                found,
                new ExtensionContext(
                        control,
                        events,
                        parts.ticker(),
                        directories,
                        parts.metrics(),
                        server,
                        users));
    }

    private AdminServer startAdmin(Consumer<String> notice) {
        EventBus events = parts.events();
        Gatekeeper gatekeeper = new Gatekeeper(accounts, passwords, parts.ticker());
        gatekeeper.reportTo(
                (name, from) ->
                        control.audit()
                                .refused(
                                        new Author(name, Author.Channel.REST, from),
                                        "sign-in",
                                        List.of("users/" + name),
                                        "a wrong password came with a request"));
        AdminServer server =
                new AdminServer(
                        gatekeeper,
                        directories.state(),
                        machineNames(),
                        events,
                        parts.ticker(),
                        trouble -> control.report("admin server", trouble));
        admin = server;
        control.follow(
                config -> {
                    AdminConfig wanted = config.global().admin();
                    if (wanted != null) {
                        passwords.follow(wanted);
                        gatekeeper.follow(wanted);
                        if (!greeted.getAndSet(true)) {
                            Thread.ofVirtual()
                                    .name("first-user")
                                    .start(() -> greet(server, notice));
                        }
                    }
                    server.follow(wanted);
                });
        return server;
    }

    /** Nobody can sign in before somebody has been told with what. */
    private void greet(AdminServer server, Consumer<String> notice) {
        try {
            String secret = accounts.firstSecret();
            if (secret != null) {
                InetSocketAddress address = server.address();
                notice.accept(
                        "weir: the first user is admin, with the one-time secret "
                                + secret
                                + (address == null ? "" : ", at port " + address.getPort())
                                + "; choose a password there or with: weir user passwd admin");
            }
            control.report("users", null);
        } catch (AccountRefusedException e) {
            control.report("users", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Follows the signals of the operating system: TERM and INT stop gracefully, and at once when
     * they come again; HUP reloads.
     *
     * @param halt ends the process at once
     */
    public void followSignals(Runnable halt) {
        for (String name : List.of("TERM", "INT")) {
            Signals.handle(
                    name,
                    () -> {
                        if (stopping.getAndSet(true)) {
                            halt.run();
                        } else {
                            stop(signal(name));
                        }
                    });
        }
        Signals.handle("HUP", () -> Thread.ofVirtual().name("signal-hup").start(this::reload));
    }

    private void reload() {
        try {
            control.reload(ReloadRequest.PLAIN, signal("HUP"));
        } catch (RefusedException e) {
            // Reported as an event by Control; what runs goes on.
        }
    }

    private static Author signal(String name) {
        return new Author("SIG" + name, Author.Channel.SIGNAL, "");
    }

    /** What the first users of the admin server will ask for; waits until it can be answered. */
    public List<Rehearsal> rehearsals() throws InterruptedException {
        return extensions.rehearsals();
    }

    /** Begins a graceful stop without waiting for it. Safe for every thread. */
    public void stop(Author author) {
        stopping.set(true);
        control.ending().begin(author);
    }

    /** Waits until the traffic has ended. */
    public void awaitStop() throws InterruptedException {
        control.awaitStop();
    }

    private void keepHouse() {
        FileWatch watch = new FileWatch(control, parts.ticker());
        for (int look = 0; ; look++) {
            try {
                control.tick();
                parts.tick();
                watch.look();
                if (look % LOOKS_PER_RETRY == LOOKS_PER_RETRY - 1) {
                    retry();
                }
            } catch (RuntimeException e) {
                parts.events().emit(EventTag.INTERNALERROR, "housekeeping failed: " + e);
            }
            try {
                Thread.sleep(watch.isSettling() ? SETTLING : LOOK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Addresses that could not be had may be free now. */
    private void retry() {
        MetricsListener listener = metrics;
        if (listener != null) {
            listener.retry();
        }
        AdminServer server = admin;
        if (server != null) {
            server.retry();
        }
    }

    /** Ends everything that is left once the traffic has ended. Nothing it meets is thrown. */
    @Override
    public void close() {
        Thread keeper = housekeeping;
        if (keeper != null) {
            keeper.interrupt();
        }
        control.ending().finish();
        extensions.stop(parts.events());
        MetricsListener listener = metrics;
        if (listener != null) {
            listener.close();
        }
        AdminServer server = admin;
        if (server != null) {
            server.close();
        }
        try {
            ControlSocket open = socket;
            if (open != null) {
                open.close();
            }
            parts.close();
            stateLock.close();
            runLock.close();
        } catch (IOException e) {
            // The process ends, and with it whatever could not be closed.
        }
    }

    /**
     * The names under which the metrics listener may be asked; no name service is asked for them.
     */
    private static Set<String> machineNames() {
        return Set.of(MachineName.get().toLowerCase(Locale.ROOT));
    }
}
