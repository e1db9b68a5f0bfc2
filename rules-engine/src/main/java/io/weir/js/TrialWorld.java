package io.weir.js;

import io.weir.bandwidth.BandwidthClass;
import io.weir.config.AuthenticatorConfig;
import io.weir.config.NodeAddress;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.config.RateConfig;
import io.weir.config.ResourceFile;
import io.weir.config.RuleLimits;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.event.Event;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.function.Authenticators;
import io.weir.function.Calls;
import io.weir.function.Egress;
import io.weir.function.Names;
import io.weir.function.Numbers;
import io.weir.function.Waiting;
import io.weir.pool.NodeNames;
import io.weir.pool.Pool;
import io.weir.pool.Pools;
import io.weir.rate.RateClass;
import io.weir.rate.RateClasses;
import io.weir.rule.RuleCounts;
import io.weir.rule.RulePlace;
import io.weir.rule.RuleWorld;
import io.weir.slm.ServiceLevel;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The Weir around a rule that is tried: pools and answers of other servers as they are described,
 * events that are only noted, and waits that take no time. Confined to one thread.
 */
final class TrialWorld
        implements RuleWorld, EventBus, Waiting, Names, Executor, Authenticators, AutoCloseable {

    private static final String MONITOR = "Connect";
    private static final Set<String> OF_RULES = Set.of("rules", "trafficscript");
    private static final long SETTLE_NANOS = 5_000_000_000L;

    /** CPU time that a rule on trial may take. */
    private static final Duration TRIAL_TIME = Duration.ofSeconds(5);

    private final Described exchange;
    private final Ticker ticker = Ticker.system();
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("weir-rule-trial").factory());
    private final Pools pools;
    private final RuleCounts counts = new RuleCounts();
    private final RuleLimits limits;
    private final Map<String, Described> described;
    private final Map<String, PoolConfig> wanted = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<String> called = new ArrayList<>();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final RateClasses rates = new RateClasses(ticker, scheduler);
    private final Watchdog watchdog;
    private final Function<String, @Nullable ResourceFile> files;
    private long slept;

    TrialWorld(Described exchange, Watchdog watchdog) {
        this(exchange, watchdog, null, name -> null);
    }

    /**
     * @param allowed what rules may use up; null for much time and the usual rest
     * @param files files that rules may read beside those that are described
     */
    TrialWorld(
            Described exchange,
            Watchdog watchdog,
            @Nullable RuleLimits allowed,
            Function<String, @Nullable ResourceFile> files) {
        this.files = files;
        this.exchange = exchange;
        this.watchdog = watchdog;
        described = exchange.objects("pools", "nodes");
        described.values().forEach(pool -> pool.only("nodes", "failed", "draining", "disabled"));
        pools = new Pools(ticker, this, Random::new, scheduler, new AnyName());
        limits =
                allowed != null
                        ? allowed
                        : unhurried(
                                config("pool", List.of("10.0.0.1:80"), new Described[0])
                                        .global()
                                        .rules());
        described.keySet().forEach(this::add);
        add(exchange.text("pool", "default"));
        Map<String, RateConfig> classes = new LinkedHashMap<>();
        exchange.texts("rates")
                .forEach(
                        (name, perMinute) ->
                                classes.put(
                                        name,
                                        new RateConfig(
                                                name,
                                                0,
                                                (int) Numbers.whole(perMinute),
                                                0,
                                                Duration.ZERO,
                                                10,
                                                null)));
        rates.configure(classes);
        pools.apply(wanted, Overlay.EMPTY);
        described.forEach((name, pool) -> pool.list("nodes").forEach(n -> check(name, n, true)));
        described.forEach((name, pool) -> pool.list("failed").forEach(n -> check(name, n, false)));
    }

    /** A trial is the first run of everything, which is never a fast one. */
    private static RuleLimits unhurried(RuleLimits usual) {
        return new RuleLimits(
                TRIAL_TIME,
                TRIAL_TIME,
                usual.memoryLimit(),
                usual.bodyLimit(),
                usual.dataSize(),
                usual.egress());
    }

    /** Defaults for everything that is not described. */
    private static WeirConfig config(String pool, List<String> nodes, Described... states) {
        List<Object> list = new ArrayList<>();
        for (String node : nodes) {
            String state = "active";
            for (Described each : states) {
                state = each.list("draining").contains(node) ? "draining" : state;
                state = each.list("disabled").contains(node) ? "disabled" : state;
            }
            list.add(Map.of("address", node, "state", state));
        }
        String text =
                Described.json(
                        Map.of(
                                "virtual-servers",
                                Map.of("trial", Map.of("listen", "127.0.0.1:1", "pool", pool)),
                                "pools",
                                Map.of(pool, Map.of("nodes", list, "monitors", List.of(MONITOR)))));
        Path name = Path.of("exchange");
        Loaded loaded = ConfigLoader.parse(text + "\n", name, Environment.of(Map.of(), name));
        WeirConfig config = loaded.config();
        if (config == null || !loaded.errors().isEmpty()) {
            throw new IllegalArgumentException("pool " + pool + ": " + loaded.errors());
        }
        return config;
    }

    private void add(String name) {
        Described pool = described.get(name);
        List<String> nodes = pool == null ? List.of("192.0.2.1:80") : pool.list("nodes");
        PoolConfig config =
                config(name, nodes, pool == null ? new Described[0] : new Described[] {pool})
                        .pools()
                        .get(name);
        if (config != null) {
            wanted.put(name, config);
        }
    }

    /** Gives a node its health. */
    private void check(String name, String node, boolean good) {
        Pool pool = pools.live().get(name);
        int colon = node.lastIndexOf(':');
        if (pool == null || colon < 0) {
            throw new IllegalArgumentException("pool " + name + " has no node " + node);
        }
        NodeAddress address =
                new NodeAddress(
                        node.substring(0, colon), Integer.parseInt(node.substring(colon + 1)));
        pool.monitorResult(address, MONITOR, good, good ? null : "it is described so");
        long end = System.nanoTime() + SETTLE_NANOS;
        while (usable(pool, address) != good && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean usable(Pool pool, NodeAddress address) {
        return pool.view().entries().stream()
                .anyMatch(e -> e.node().address().equals(address) && e.status().health().usable());
    }

    /** Names that all resolve, to an address that is nobody's. */
    private static final class AnyName implements NodeNames {
        @Override
        public EventBus.Subscription follow(String host, Listener listener) {
            listener.found(List.of(InetAddress.ofLiteral("192.0.2.1")));
            return () -> {};
        }

        @Override
        public boolean settle(Duration atMost) {
            return true;
        }
    }

    // ---- what rules see

    @Override
    public int eventLoops() {
        return 1;
    }

    @Override
    public RuleLimits limits() {
        return limits;
    }

    @Override
    public EventBus events() {
        return this;
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    /** Pools that are not described are made up, unless some are described. */
    @Override
    public @Nullable Pool pool(String name) {
        if (!wanted.containsKey(name) && described.isEmpty() && !name.isEmpty()) {
            add(name);
            pools.apply(wanted, Overlay.EMPTY);
        }
        return pools.live().get(name);
    }

    @Override
    public @Nullable ServiceLevel serviceLevel(String name) {
        return null;
    }

    @Override
    public @Nullable RateClass rate(String name) {
        return rates.named(name);
    }

    /** The files that are described. */
    @Override
    public @Nullable ResourceFile resource(String name) {
        String content = exchange.texts("resources").get(name);
        return content == null
                ? files.apply(name)
                : new ResourceFile(
                        name,
                        new String(Described.bytesOf(content), StandardCharsets.ISO_8859_1),
                        Instant.EPOCH);
    }

    @Override
    public @Nullable BandwidthClass bandwidth(String name) {
        return null;
    }

    /** Every authenticator is there, and knows the described users. */
    @Override
    public AuthenticatorConfig authenticator(String name) {
        return new AuthenticatorConfig(
                name,
                "ldap://trial",
                false,
                null,
                null,
                null,
                "",
                "",
                List.of(),
                Duration.ofSeconds(1),
                1,
                null);
    }

    @Override
    public Map<String, Object> ask(
            AuthenticatorConfig who, String user, @Nullable String password) {
        Described known = exchange.objects("users", "password").get(user);
        Map<String, Object> answer = new LinkedHashMap<>();
        boolean good =
                known != null && (password == null || known.text("password", "").equals(password));
        if (known != null && good) {
            known.texts().forEach(answer::put);
            answer.remove("password");
        }
        answer.put("OK", good ? 1 : 0);
        answer.put(
                "Error",
                good ? "" : known == null ? "there is no such user" : "the password is wrong");
        return answer;
    }

    @Override
    public boolean isControlPort(int port) {
        return true;
    }

    @Override
    public @Nullable Path locations() {
        return null;
    }

    /** The list that the described exchange is for. */
    @Override
    public Set<RulePlace> places(String name) {
        boolean carried = exchange.has("bytes") || exchange.has("reply");
        return Set.of(new RulePlace(!carried, TrialSide.state(exchange)));
    }

    @Override
    public RuleCounts counts(String name) {
        return counts;
    }

    /** Other servers, which answer as it is described. */
    Calls calls() {
        Map<String, Described> answers = exchange.objects("calls", "body");
        return new Calls(
                new Egress(List.of(), this::isControlPort, this), this, limits.bodyLimit()) {
            @Override
            public Reply call(
                    String method,
                    String url,
                    String fields,
                    byte[] body,
                    String authorities,
                    int millis)
                    throws IOException {
                called.add(method + " " + url);
                Described answer = answers.getOrDefault(method + " " + url, answers.get(url));
                if (answer == null) {
                    throw new IOException("no answer of " + url + " is described");
                }
                answer.only("status", "type", "headers", "body", "error");
                if (answer.has("error")) {
                    throw new IOException(answer.text("error", ""));
                }
                int status = Integer.parseInt(answer.text("status", "200"));
                StringBuilder head = new StringBuilder();
                answer.fields("headers")
                        .forEach(
                                f ->
                                        head.append(f.getKey())
                                                .append(": ")
                                                .append(f.getValue())
                                                .append("\r\n"));
                return new Reply(
                        status,
                        "HTTP/1.1 " + status,
                        answer.text("type", "text/plain"),
                        head.toString(),
                        answer.text("body", ""));
            }
        };
    }

    @Override
    public void after(long millis, Runnable task) {
        slept += millis;
        tasks.add(task);
    }

    @Override
    public void blocking(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void working(long bytes, Supplier<Object> work, Consumer<@Nullable Object> done) {
        tasks.add(() -> done.accept(watchdog.within(TRIAL_TIME.toNanos(), bytes, work)));
    }

    /** The addresses that are described. */
    @Override
    public InetAddress[] addresses(String host) throws UnknownHostException {
        List<String> found = exchange.object("names").list(host);
        if (found.isEmpty()) {
            throw new UnknownHostException(host + ": its address is not described");
        }
        return found.stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }

    @Override
    public String name(InetAddress address) {
        Described names = exchange.object("names");
        return names.texts().keySet().stream()
                .filter(
                        name ->
                                names.list(name).stream()
                                        .anyMatch(a -> InetAddress.ofLiteral(a).equals(address)))
                .findFirst()
                .orElse("");
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs what was put off. */
    void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    // ---- what is told

    /** Forgets what rules have done so far. */
    synchronized void forget() {
        events.clear();
        called.clear();
        slept = 0;
    }

    List<Event> noted() {
        return events;
    }

    List<String> called() {
        return called;
    }

    long slept() {
        return slept;
    }

    @Override
    public synchronized void emit(EventTag tag, String text, ObjectRef... objects) {
        if (!OF_RULES.contains(tag.section())) {
            return;
        }
        events.add(new Event(ticker.now(), tag, List.of(objects), text));
    }

    @Override
    public Subscription subscribe(Consumer<Event> listener) {
        return () -> {};
    }

    @Override
    public List<Event> recent(int max) {
        return List.of();
    }

    @Override
    public long dropped() {
        return 0;
    }

    @Override
    public void close() {
        pools.close();
        scheduler.shutdownNow();
    }
}
