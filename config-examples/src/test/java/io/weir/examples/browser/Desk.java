package io.weir.examples.browser;

import io.weir.control.Edit;
import io.weir.examples.Installation;
import io.weir.examples.SeededStore;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What somebody has who administers Weir with a browser: an installed Weir that serves two nodes,
 * the browser, and a page on which the first user has signed in. One for all tests of a run, so
 * each test leaves what it found.
 */
@SuppressWarnings("try") // closed once, at the end of the run, by what may be interrupted
public final class Desk implements AutoCloseable {

    static final String PASSWORD = "correct horse battery";

    private static final Pattern FIRST_USER =
            Pattern.compile("one-time secret (\\S+), at port (\\d+);");

    /** Answers 200, but 503 for what is in the pond. */
    private static final Behaviour FISHER =
            Behaviour.answering(
                    request ->
                            ("HTTP/1.1 "
                                            + (request.target().startsWith("/pond")
                                                    ? "503 Gone fishing"
                                                    : "200 OK")
                                            + "\r\nContent-Length: 2\r\n\r\nok")
                                    .getBytes(StandardCharsets.ISO_8859_1));

    private final Path home;
    private final FakeNode one = FakeNode.start("one", FISHER);
    private final FakeNode two = FakeNode.start("two", FISHER);
    private final Installation.Running weir;
    private final Browser browser;
    private final Thread ending;
    private final Door door;
    private @Nullable Page page;

    /** Starts everything. */
    static Desk open(Path chromium) throws Exception {
        // Deep directories would make the name of the control socket too long.
        return new Desk(Files.createTempDirectory("desk"), chromium);
    }

    private Desk(Path home, Path chromium) throws Exception {
        this.home = home;
        seed();
        browser = new Browser(chromium, Files.createDirectories(home.resolve("browser")));
        Installation.Running started = null;
        try {
            started = new Installation(home.resolve("weir")).start(Map.of(), "run");
            door = Door.of(started);
        } catch (Exception | AssertionError e) {
            browser.close();
            if (started != null) {
                started.close();
            }
            throw e;
        }
        weir = started;
        ending = new Thread(weir::close, "end-of-weir");
        // A run of tests that is broken off must not leave a Weir behind.
        Runtime.getRuntime().addShutdownHook(ending);
    }

    /**
     * Where a new Weir is administered, and with what one gets in first.
     *
     * @param secret that was printed at the first start
     */
    record Door(String url, String secret) {

        static Door of(Installation.Running weir) {
            Await.until(
                    "the secret of the first user",
                    Browser.PATIENCE,
                    () -> FIRST_USER.matcher(weir.out()).find() || weir.hasEnded());
            Matcher found = FIRST_USER.matcher(weir.out());
            if (!found.find()) {
                throw new IllegalStateException(weir.out() + weir.err());
            }
            return new Door("https://127.0.0.1:" + found.group(2) + "/", found.group(1));
        }
    }

    /** A store with a small service, so that the admin server has a free port from the start. */
    private void seed() throws Exception {
        SeededStore.write(
                home.resolve("weir"),
                home.resolve("seeding"),
                new Edit.PutFile(
                        "rules/route.js",
                        "if (http.getPath() === '/old') { http.redirect('/new'); }\n"
                                .getBytes(StandardCharsets.UTF_8)),
                SeededStore.put(
                        """
                        {"listen": "127.0.0.1:0", "pool": "web", "log": {"format": "combined"}}
                        """,
                        "virtual-servers",
                        "shop"),
                SeededStore.put(
                        "{\"nodes\": [\"%s\", \"%s\"]}".formatted(one.address(), two.address()),
                        "pools",
                        "web"),
                SeededStore.put("\"rules/route.js\"", "rules", "route"),
                // As after a rename, which lets the file be.
                new Edit.PutFile(
                        "rules/former.js", "log.info('moved');\n".getBytes(StandardCharsets.UTF_8)),
                SeededStore.put("\"rules/former.js\"", "rules", "moved"),
                SeededStore.put("{\"type\": \"log\", \"file\": \"night.log\"}", "actions", "night"),
                SeededStore.put(
                        """
                        {"admin": {"listen": "127.0.0.1:0"}, "metrics": "off"}
                        """,
                        "global"));
    }

    /** A node of the pool {@code web}, as it is called everywhere. */
    String node(int which) {
        return (which == 1 ? one : two).address();
    }

    /** What a client of the virtual server gets, over a connection of its own. */
    ReceivedResponse get(String path, String field) {
        try (RawClient client = RawClient.to(address())) {
            return client.exchange(request(path, field));
        }
    }

    static String request(String path, String field) {
        return "GET " + path + " HTTP/1.1\r\nHost: www.example.com\r\n" + field + "\r\n\r\n";
    }

    /** Where clients of the virtual server connect to. */
    String address() {
        return weir.address();
    }

    /** An empty directory. */
    Path directory(String name) throws Exception {
        return Files.createDirectories(home.resolve(name));
    }

    /** A page on which nobody has signed in. */
    Page newPage() {
        return newPage(door);
    }

    /** The same of another Weir. */
    Page newPage(Door other) {
        Page made = browser.page();
        made.open(other.url());
        return made;
    }

    /** The page of the first user, on Home, in light and as wide as a small laptop. */
    synchronized Page page() {
        Page present = page;
        if (present == null) {
            present = newPage();
            firstSignIn(present, door);
            page = present;
        } else {
            present.open(door.url());
        }
        present.size(1280, 720);
        present.dark(false);
        present.go("home", "Home");
        return present;
    }

    /** What the first person does who comes to a new Weir. */
    static void firstSignIn(Page fresh, Door door) {
        signIn(fresh, "admin", door.secret());
        fresh.sees("Another password");
        fresh.fill("Password", door.secret());
        fresh.fill("Another password", PASSWORD);
        fresh.enter();
        fresh.sees("Nodes at work");
        // Nobody has signed in when the page is opened, and a secret is not enough to get in.
        var _ = fresh.complaints();
    }

    /** Signs in with the keyboard. */
    static void signIn(Page page, String user, String password) {
        page.sees("Sign in");
        page.fill("User", user);
        page.tab();
        page.type(password);
        page.enter();
    }

    /** Where pictures go when somebody wants to look at them; null when nobody does. */
    static @Nullable Path pictures() {
        String wanted = System.getenv("WEIR_PICTURES");
        return wanted == null ? null : Path.of(wanted);
    }

    @Override
    public void close() throws Exception {
        browser.close();
        weir.close();
        Runtime.getRuntime().removeShutdownHook(ending);
        one.close();
        two.close();
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
