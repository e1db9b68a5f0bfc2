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
    private static final long SECOND = 1_000_000_000L;
    private static final List<String> OLD = List.of("31a", "31b", "31c");
    private static final List<String> NEW = List.of("32a", "32b", "32c");

    private final long begin = System.nanoTime();
    private final Times times;
    private final Path home;
    private final Machines machines;
    private final Manager manager;
    private final Weir weir;
    private final Soap soap;
    private final Load load;
    private final Thread clock;
    private boolean well = true;

    private Story(Path script, Times times) throws Exception {
        this.times = times;
        Path here = Path.of(System.getProperty("story.home", "")).toAbsolutePath();
        home = Files.createTempDirectory("weir-story");
        machines = new Machines(here.resolve("Node.java"), home.resolve("classes"));
        Map<String, String> variables = new LinkedHashMap<>();
        char variable = 'A';
        for (String name : Stream.of(OLD, NEW, List.of("33")).flatMap(List::stream).toList()) {
            variables.put("NODE_" + variable++, machines.start(name));
        }
        variables.put("SORRY", machines.start("Too Busy"));
        variables.put("RAMP", times.ramp().toSeconds() + "s");
        manager = new Manager(machines, "live", times, this::tell);
        variables.put("CALLBACK", manager.callback().toString());
        variables.put("CALLBACK_KEY", "the story's key");
        weir = new Weir(script, home, here.resolve("weir.yaml"), variables);
        soap = weir.soap();
        manager.connect(soap);
        load = new Load(weir.service(), times);
        clock = Thread.ofVirtual().start(this::tick);
    }

    /**
     * Arguments: the story, the script {@code weir} unless it is {@code ../../bin/weir}, and {@code
     * quick} for one that takes less time and checks only what happens.
     */
    public static void main(String[] arguments) throws Exception {
        String name = arguments.length == 0 ? "" : arguments[0];
        Path script = Path.of(arguments.length < 2 ? "../../bin/weir" : arguments[1]);
        boolean quick = arguments.length > 2 && arguments[2].equals("quick");
        boolean well;
        try (Story story =
                new Story(script.toAbsolutePath(), quick ? Times.quick() : Times.full())) {
            pause(5);
            switch (name) {
                case "failed" -> story.failed();
                case "slow" -> story.slow();
                case "gone" -> story.gone();
                case "generations" -> story.generations();
                default -> {
                    System.err.println("expected failed, slow, gone or generations");
                    story.well = false;
                }
            }
            pause(3);
            well = story.sum(!name.equals("gone"));
        }
        System.exit(well ? 0 : 1);
    }

    // ---- the stories

    /** A service fails; it is restarted from a good snapshot. */
    private void failed() throws Exception {
        int since = manager.heard();
        tell("KILLS  31b");
        long killed = System.nanoTime();
        machines.kill("31b");
        Manager.Heard fail = manager.await("pools_nodefail", since, PATIENCE);
        if (fail == null) {
            well = false;
            return;
        }
        // Two checks, a second apart, and a second more.
        figure("the callback came after", (fail.at() - killed) / 1e9, 0, 3);
        Manager.Heard works = manager.await("pools_nodeworking", since, PATIENCE);
        well &= works != null && returns("31b", killed);
    }

    /** A service is too slow; it is drained, moved and put to use again. */
    private void slow() throws Exception {
        int since = manager.heard();
        tell("SLOWS  31b to " + times.slow().toMillis() + " ms");
        machines.delay("31b", times.slow().toMillis());
        Manager.Heard below = manager.await("slm_slmfallenbelowserious", since, PATIENCE);
        well &= below != null && below.nodes().contains(machines.address("31b"));
        well &= moves("31b");
        well &= manager.await("slm_slmrecoveredserious", since, PATIENCE) != null;
    }

    /** All are gone for a while. */
    private void gone() throws Exception {
        manager.repairNothing();
        int since = manager.heard();
        tell("KILLS  31a and 31c");
        machines.kill("31a");
        machines.kill("31c");
        pause(5);
        tell("SLOWS  31b to " + times.slow().toMillis() + " ms");
        machines.delay("31b", times.slow().toMillis());
        well &= manager.await("slm_slmfallenbelowserious", since, PATIENCE) != null;
        awaitMove();
        well &= manager.await("pools_pooldied", since, PATIENCE) != null;
        well &= manager.await("pools_poolok", since, PATIENCE) != null;
        long from = manager.idle();
        long back = awaitFresh("31b", manager.idle());
        pause(3);
        well &= back != 0 && load.busy() > 0;
        Map<String, Integer> after = load.fresh(back, System.nanoTime());
        tell("sees   after the return " + after);
        well &= !after.containsKey(Load.BUSY);
        figure("the slowest page took ms", load.slowestBusyMillis(from, back), 0, 200);
    }

    /** Generation 32 takes over from 31, back, and for good; then 31 is reaped. */
    private void generations() throws Exception {
        List<String> old = OLD.stream().map(machines::address).toList();
        List<String> next = NEW.stream().map(machines::address).toList();
        tell("MIGRATES to generation 32");
        manager.enable(next);
        pause((int) times.ramp().toSeconds());
        manager.drain(old);
        only("32");
        tell("ROLLS BACK to generation 31");
        manager.undrain(old);
        manager.drain(next);
        only("31");
        tell("MIGRATES again");
        manager.undrain(next);
        manager.drain(old);
        only("32");
        tell("REAPS  generation 31");
        manager.awaitIdle(old, Duration.ofSeconds(3));
        manager.disable(old);
        OLD.forEach(machines::kill);
        only("32");
        well &= load.changes() == 0;
    }

    // ---- what must come true

    /** From a second after the step on, all new sessions begin in one generation. */
    private void only(String generation) throws Exception {
        long step = System.nanoTime();
        pause((int) times.era().toSeconds());
        Map<String, Integer> sessions = load.fresh(step + SECOND, System.nanoTime());
        tell(
                "sees   new sessions "
                        + sessions
                        + ", of others "
                        + load.ofSessions(step, step + SECOND));
        well &= !sessions.isEmpty();
        well &= sessions.keySet().stream().allMatch(node -> node.startsWith(generation));
        String developers = load.askForGeneration33();
        tell("sees   developers at " + developers);
        well &= developers.equals("33");
    }

    /** The manager drains and moves a machine: new sessions stay away, old ones go on. */
    private boolean moves(String node) throws InterruptedException {
        awaitMove();
        long calm = manager.drained() + SECOND;
        Map<String, Integer> fresh = load.fresh(calm, manager.idle());
        Map<String, Integer> old = load.ofSessions(manager.drained(), manager.idle());
        tell("sees   while " + node + " drains: new sessions " + fresh + ", old ones " + old);
        boolean right = !fresh.containsKey(node) && old.containsKey(node);
        return right && returns(node, manager.idle());
    }

    private void awaitMove() throws InterruptedException {
        for (int i = 0; i < 3 * PATIENCE.toSeconds() * 4 && manager.undrained() == 0; i++) {
            Thread.sleep(250);
        }
    }

    private long awaitFresh(String node, long since) throws InterruptedException {
        long first = 0;
        for (int i = 0; i < PATIENCE.toSeconds() * 4 && first == 0; i++) {
            Thread.sleep(250);
            first = load.firstFresh(node, since);
        }
        return first;
    }

    /** A node serves again, first little, and in the end its share. */
    private boolean returns(String node, long since) throws InterruptedException {
        long first = awaitFresh(node, since);
        if (first == 0) {
            return false;
        }
        tell("sees   " + node + " serves new sessions");
        if (times.strict()) {
            pause((int) times.ramp().toSeconds() + 1);
            figure("its share at first, %", share(node, first, 0, 5), 2, 10);
            figure("its share in the end, %", share(node, first, 25, 30), 27, 36);
        }
        return true;
    }

    private double share(String node, long first, int from, int to) {
        Map<String, Integer> fresh = load.fresh(first + from * SECOND, first + to * SECOND);
        int all = fresh.values().stream().mapToInt(Integer::intValue).sum();
        return 100.0 * fresh.getOrDefault(node, 0) / Math.max(1, all);
    }

    /** Tells a figure; one that is out of its bounds spoils the story, unless it is quick. */
    private void figure(String what, double value, double least, double most) {
        boolean within = value >= least && value <= most;
        tell(
                String.format(
                        Locale.ROOT,
                        "%s  %s %.1f, expected %.0f to %.0f",
                        within ? "sees " : "MISSES",
                        what,
                        value,
                        least,
                        most));
        well &= within || !times.strict();
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

    private boolean sum(boolean withoutBusy) {
        List<String> failures = load.failures();
        failures.stream().distinct().limit(5).forEach(f -> tell("FAILED REQUEST  " + f));
        boolean busy = withoutBusy && load.busy() > 0;
        tell(
                load.served()
                        + " requests served, "
                        + load.busy()
                        + " told to come back, "
                        + failures.size()
                        + " failed, "
                        + load.changes()
                        + " sessions changed their node; the story went "
                        + (well ? "as told" : "WRONG"));
        return well && failures.isEmpty() && !busy;
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
