package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.cache.CacheStore;
import io.weir.config.Overlay;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.event.BoundedEventBus;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Head;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.metrics.Metrics;
import io.weir.persist.ClusterKey;
import io.weir.persist.PersistenceClasses;
import io.weir.pool.Lease;
import io.weir.pool.NodeNames;
import io.weir.pool.Pool;
import io.weir.pool.Pools;
import io.weir.testkit.ConfigText;
import io.weir.testkit.ManualTicker;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Takes one request through the whole path of an exchange, without sockets: what stands for the
 * client and the node only notes the heads that it gets. Confined to one thread; close it.
 */
final class OneExchange implements AutoCloseable {

    private final BoundedEventBus events;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final LoopContext loop;
    private final VirtualServer server;

    private InetSocketAddress remote = address("192.0.2.7", 54321);
    private InetSocketAddress local = address("198.51.100.1", 80);
    private boolean trusted;
    private boolean secure;
    private byte @Nullable [] tlsSession;
    private Consumer<Exchange> rule = x -> {};

    private @Nullable Exchange exchange;
    private @Nullable String nodeRequest;
    private @Nullable String asked;
    private @Nullable String clientResponse;

    /** A virtual server with these lines of configuration, in front of the node. */
    OneExchange(String node, String... virtualServer) {
        this(ConfigText.ofNodes(node).virtualServer(virtualServer).toString());
    }

    private OneExchange(String text) {
        Loaded loaded =
                ConfigLoader.parse(
                        text,
                        Path.of("weir.yaml"),
                        new Environment(Map.of(), Path.of("no-secrets")));
        if (loaded.config() == null) {
            throw new AssertionError(loaded.problems() + " in " + text);
        }
        WeirConfig config = loaded.config();
        ManualTicker ticker = new ManualTicker();
        events = BoundedEventBus.start(ticker);
        Pools pools =
                new Pools(
                        ticker,
                        events,
                        () -> new Random(1),
                        scheduler,
                        NodeNames.of(Map.of("node.test", java.util.List.of(literal("10.0.0.9")))));
        Pool pool = Objects.requireNonNull(pools.apply(config.pools(), Overlay.EMPTY).get("web"));
        VirtualServerConfig vs = Objects.requireNonNull(config.virtualServers().get("web"));
        Account account = new Account(new Metrics(1).virtualServer("web"), 1);
        PersistenceClasses classes =
                PersistenceClasses.NONE.next(
                        config.persistenceClasses(), ClusterKey.of(new byte[32]));
        server =
                new VirtualServer(
                        vs,
                        pool,
                        account,
                        ErrorPages.PLAIN,
                        ServerRules.NONE,
                        classes,
                        Map.of(),
                        null,
                        vs.cache().enabled()
                                ? CacheAccess.of(
                                        new CacheStore(config.global().cache(), ticker),
                                        "web",
                                        vs.cache())
                                : null,
                        null,
                        null,
                        TrafficClasses.NONE);
        loop = new LoopContext(0, Runnable::run, ticker, 1_000_000);
    }

    /** The virtual server {@code web} of a whole configuration. */
    static OneExchange of(String text) {
        return new OneExchange(text);
    }

    /** With a rule that does this to every exchange before it begins. */
    OneExchange ruled(Consumer<Exchange> does) {
        rule = does;
        return this;
    }

    /** With a client whose TLS session has this identity. */
    OneExchange withTlsSession(byte... id) {
        tlsSession = id;
        return this;
    }

    private static InetAddress literal(String text) {
        return InetAddress.ofLiteral(text);
    }

    static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(literal(literal), port);
    }

    /** With a client from {@code address} instead of 192.0.2.7. */
    OneExchange from(InetSocketAddress address) {
        remote = address;
        return this;
    }

    /** With a client that connected to {@code address} instead of 198.51.100.1:80. */
    OneExchange at(InetSocketAddress address) {
        local = address;
        return this;
    }

    /** With a client that is a trusted proxy. */
    OneExchange trusted() {
        trusted = true;
        return this;
    }

    /** With a client that came over TLS. */
    OneExchange secure() {
        secure = true;
        return this;
    }

    /** The head that the node gets for {@code request}. */
    String asked(String request) {
        begin(request);
        String head = nodeRequest;
        if (head == null) {
            throw new AssertionError("the node was not asked");
        }
        return head;
    }

    /** The head that the client gets when the node answers {@code request} with {@code answer}. */
    String answered(String request, String answer) {
        begin(request);
        ResponseHead head = loop.responseHead();
        read(head, answer);
        long length = Framing.responseLength(head, x().request().method());
        x().attempts().nodeHead(head, length);
        String seen = clientResponse;
        if (seen == null) {
            throw new AssertionError("the client was not answered");
        }
        x().clientLost(new io.weir.fault.TrafficFault.ClientGone("seen enough"));
        return seen;
    }

    /**
     * The head that the client gets when {@code answer}, which has no body, is what the node says
     * if it is asked.
     */
    String exchanged(String request, String answer) {
        begin(request);
        if (nodeRequest != null) {
            ResponseHead head = loop.responseHead();
            read(head, answer);
            x().attempts().nodeHead(head, 0);
            x().attempts().nodeEnd(null);
        }
        return Objects.requireNonNull(clientResponse);
    }

    /** Whether the node was asked last. */
    boolean nodeAsked() {
        return nodeRequest != null;
    }

    /** The address of the node that was asked last. */
    String node() {
        return Objects.requireNonNull(asked);
    }

    private Exchange x() {
        Exchange x = exchange;
        if (x == null) {
            throw new AssertionError("nothing was asked yet");
        }
        return x;
    }

    private void begin(String request) {
        nodeRequest = null;
        clientResponse = null;
        RequestHead head = loop.requestHead();
        read(head, request);
        if (Framing.check(head) != null) {
            throw new AssertionError(Framing.check(head) + " in " + request);
        }
        Exchange x =
                new Exchange(
                        server,
                        loop,
                        this::connect,
                        new Client(),
                        head,
                        Framing.requestLength(head));
        exchange = x;
        rule.accept(x);
        x.begin();
    }

    private void connect(Attempts x, Lease lease, boolean fresh) {
        asked = lease.node().address().toString();
        x.nodeReady(new Node());
    }

    private static void read(Head head, String latin1) {
        ByteBuf in = Unpooled.copiedBuffer(latin1, StandardCharsets.ISO_8859_1);
        Head.Progress progress = head.read(in, 32 * 1024, 8 * 1024, 100);
        if (progress != Head.Progress.COMPLETE) {
            throw new AssertionError(progress + " in " + latin1);
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        events.close();
    }

    private final class Client implements ClientSide, ClientIdentity {
        @Override
        public ClientIdentity identity() {
            return this;
        }

        @Override
        public @Nullable ClientTls tls() {
            return null;
        }

        @Override
        public Map<String, Object> data() {
            return new HashMap<>();
        }

        @Override
        public InetSocketAddress remote() {
            return remote;
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public ForwardedClient forwarded() {
            return new ForwardedClient(remote.getAddress().getHostAddress(), trusted);
        }

        @Override
        public boolean secure() {
            return secure;
        }

        @Override
        public byte @Nullable [] tlsSessionId() {
            return tlsSession;
        }

        @Override
        public void respond(ResponseHead head, long bodyLength) {
            byte[] out = new byte[head.startLineLength() + head.encodedLength()];
            int end = head.encode(out, head.encodeStartLine(out, 0));
            clientResponse = new String(out, 0, end, StandardCharsets.ISO_8859_1);
        }

        @Override
        public long bytesWritten() {
            return 0;
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void data(ByteBuf piece) {
            piece.release();
        }

        @Override
        public void interim(ResponseHead head) {}

        @Override
        public void flush() {}

        @Override
        public void flushSoon() {
            flush();
        }

        @Override
        public void pauseRequest(boolean paused) {}

        @Override
        public void tunnel() {}

        @Override
        public void abort() {}

        @Override
        public void end(@Nullable Fields trailers) {}

        @Override
        public void finished() {}
    }

    private final class Node implements NodeSide {
        @Override
        public void request(RequestHead head, long bodyLength, boolean keep) {
            byte[] out = new byte[head.startLineLength() + head.encodedLength()];
            int end = head.encode(out, head.encodeStartLine(out, 0));
            nodeRequest = new String(out, 0, end, StandardCharsets.ISO_8859_1);
        }

        @Override
        public long bytesWritten() {
            return 0;
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public boolean reused() {
            return false;
        }

        @Override
        public void data(ByteBuf piece) {
            piece.release();
        }

        @Override
        public void flush() {}

        @Override
        public void flushSoon() {
            flush();
        }

        @Override
        public void pauseResponse(boolean paused) {}

        @Override
        public void tunnel() {}

        @Override
        public void release(boolean reusable) {}

        @Override
        public void end(@Nullable Fields trailers) {}
    }
}
