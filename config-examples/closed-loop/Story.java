import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Plays a story of Weir and a utility manager under load and prints what happens when. The exit
 * code is 0 when no request has failed and all went as told in README.md.
 */
final class Story implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> OLD = List.of("31a", "31b", "31c");
    private static final List<String> NEW = List.of("32a", "32b", "32c");

    private final long begin = System.nanoTime();
    private final Path home;
    private final Machines machines;
    private final Manager manager;
    private final Weir weir;
    private final Soap soap;
    private final Load load;
    private final Thread clock;

    private Story(Path script) throws Exception {
        Path here = Path.of(System.getProperty("story.home", "")).toAbsolutePath();
        home = Files.createTempDirectory("weir-story");
        machines = new Machines(here.resolve("Node.java"), home.resolve("classes"));
        Map<String, String> variables = new LinkedHashMap<>();
        char variable = 'A';
        for (String name : Stream.of(OLD, NEW, List.of("33")).flatMap(List::stream).toList()) {
            variables.put("NODE_" + variable++, machines.start(name));
        }
        manager = new Manager(machines, "live", this::tell);
        variables.put("CALLBACK", manager.callback().toString());
        variables.put("CALLBACK_KEY", "the story's key");
        weir = new Weir(script, home, here.resolve("weir.yaml"), variables);
        soap = weir.soap();
        manager.connect(soap);
        load = new Load(weir.service());
        clock = Thread.ofVirtual().start(this::tick);
    }

    /** Arguments: the story, and the script {@code weir} unless it is {@code ../../bin/weir}. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments.length == 0 ? "" : arguments[0];
        Path script = Path.of(arguments.length < 2 ? "../../bin/weir" : arguments[1]);
        boolean well;
        try (Story story = new Story(script.toAbsolutePath())) {
            pause(3);
            boolean told =
                    switch (name) {
                        case "failed" -> story.failed();
                        case "slow" -> story.slow();
                        case "gone" -> story.gone();
                        case "generations" -> story.generations();
                        default -> {
                            System.err.println("expected failed, slow, gone or generations");
                            yield false;
                        }
                    };
            pause(3);
            well = story.sum(told, !name.equals("gone"));
        }
        System.exit(well ? 0 : 1);
    }

    // ---- the stories

    /** A service fails; it is restarted from a good snapshot. */
    private boolean failed() throws Exception {
        int since = manager.heard();
        tell("KILLS  31b");
        machines.kill("31b");
        return manager.await("pools_nodefail", since, PATIENCE)
                && manager.await("pools_nodeworking", since, PATIENCE)
                && serves("31b");
    }

    /** A service is too slow; it is drained, moved and put to use again. */
    private boolean slow() throws Exception {
        int since = manager.heard();
        tell("SLOWS  31b to 1.5 s");
        machines.delay("31b", 1500);
        return manager.await("slm_slmfallenbelowserious", since, PATIENCE)
                && manager.await("slm_slmrecoveredserious", since, PATIENCE)
                && serves("31b");
    }

    /** All are gone for a while. */
    private boolean gone() throws Exception {
        manager.policy(false, Duration.ZERO, Duration.ofSeconds(6));
        int since = manager.heard();
        tell("KILLS  31a and 31c");
        machines.kill("31a");
        machines.kill("31c");
        pause(3);
        manager.move(machines.address("31b"));
        return manager.await("pools_pooldied", since, PATIENCE)
                && manager.await("pools_poolok", since, PATIENCE)
                && serves("31b")
                && load.busy() > 0
                && load.slowestBusyMillis() <= 1000;
    }

    /** Generation 32 takes over from 31, back, and for good; then 31 is reaped. */
    private boolean generations() throws Exception {
        List<String> old = OLD.stream().map(machines::address).toList();
        List<String> next = NEW.stream().map(machines::address).toList();
        tell("MIGRATES to generation 32");
        manager.enable(next);
        pause(4);
        manager.drain(old);
        pause(1);
        boolean well = only("32");
        tell("ROLLS BACK to generation 31");
        manager.undrain(old);
        manager.drain(next);
        pause(1);
        well &= only("31");
        tell("MIGRATES again");
        manager.undrain(next);
        manager.drain(old);
        pause(1);
        well &= only("32");
        tell("REAPS  generation 31");
        manager.awaitIdle(old, Duration.ofSeconds(3));
        manager.disable(old);
        OLD.forEach(machines::kill);
        return well && load.changes() == 0;
    }

    /** Whether for some seconds all sessions begin in one generation. */
    private boolean only(String generation) throws InterruptedException {
        load.newSessions();
        pause(3);
        Map<String, Integer> sessions = load.newSessions();
        tell("sees   new sessions " + sessions);
        return !sessions.isEmpty()
                && sessions.keySet().stream().allMatch(node -> node.startsWith(generation));
    }

    /** Waits until new sessions go to a node. */
    private boolean serves(String node) throws InterruptedException {
        load.newSessions();
        for (int i = 0; i < PATIENCE.toSeconds() * 4; i++) {
            if (load.newSessions().containsKey(node)) {
                tell("sees   " + node + " serves new sessions");
                return true;
            }
            Thread.sleep(250);
        }
        return false;
    }

    // ---- the time line

    private static void pause(int seconds) throws InterruptedException {
        Thread.sleep(Duration.ofSeconds(seconds));
    }

    private void tick() {
        try {
            while (true) {
                pause(1);
                tell("served " + load.lately());
            }
        } catch (InterruptedException e) {
            // The story is over.
        }
    }

    private synchronized void tell(String text) {
        System.out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begin) / 1e9, text);
    }

    private boolean sum(boolean told, boolean withoutBusy) {
        List<String> failures = load.failures();
        failures.stream().distinct().limit(5).forEach(f -> tell("FAILED REQUEST  " + f));
        boolean busy = withoutBusy && load.busy() > 0;
        tell(
                load.served()
                        + " requests served, "
                        + load.busy()
                        + " told to come back (the slowest in "
                        + load.slowestBusyMillis()
                        + " ms), "
                        + failures.size()
                        + " failed, "
                        + load.changes()
                        + " sessions changed their node; the story went "
                        + (told ? "as told" : "WRONG"));
        return told && failures.isEmpty() && !busy;
    }

    @Override
    public void close() throws Exception {
        clock.interrupt();
        load.close();
        weir.close();
        soap.close();
        manager.close();
        machines.close();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + home);
        }
    }
}
