package io.weir.testkit;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.LeakPresenceDetector;
import io.weir.time.Ticker;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts Weir in the test's own process and stops it again: what a test method started at its end,
 * what was started before all methods at the end of the class. After each class no buffer may be
 * left unreleased. Registered as a static field with {@code @RegisterExtension}.
 */
public final class WeirExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> ofClass = new ArrayDeque<>();
    private final Deque<AutoCloseable> ofTest = new ArrayDeque<>();
    private boolean inTest;

    /** Starts Weir with a configuration. */
    public RunningWeir start(ConfigText config) {
        return start(config.toString());
    }

    /** Starts Weir with the text of a configuration. */
    public RunningWeir start(String yaml) {
        return closing(WeirStarter.inProcess().start(yaml));
    }

    /** Starts Weir with the text of a configuration whose files lie in a directory. */
    public RunningWeir startIn(Path directory, String yaml) {
        return closing(WeirStarter.inProcess(Ticker.system(), directory).start(yaml));
    }

    /** Starts Weir with a clock of the test's choice. */
    public RunningWeir start(ConfigText config, Ticker ticker) {
        return start(config.toString(), ticker);
    }

    /** Starts Weir with the text of a configuration and a clock of the test's choice. */
    public RunningWeir start(String yaml, Ticker ticker) {
        return closing(WeirStarter.inProcess(ticker).start(yaml));
    }

    /** A well-behaved node called {@code name}. */
    public FakeNode node(String name) {
        return closing(FakeNode.answering(name));
    }

    /** A node called {@code name} with a behaviour. */
    public FakeNode node(String name, Behaviour behaviour) {
        return closing(FakeNode.start(name, behaviour));
    }

    /** A client of HTTP/2, with these settings: pairs of number and value. */
    public H2Client http2(RunningWeir weir, int... settings) {
        return closing(H2Client.to(weir.port(), settings));
    }

    /** Closes {@code resource} together with what was started at the same time. */
    public <T extends AutoCloseable> T closing(T resource) {
        (inTest ? ofTest : ofClass).push(resource);
        return resource;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        inTest = false;
        checkForLeaks("before " + context.getDisplayName());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        inTest = true;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        inTest = false;
        closeAll(ofTest);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        closeAll(ofClass);
        checkForLeaks("by " + context.getDisplayName());
    }

    /**
     * Channels that a stop cut off may release their last buffers and their TLS a moment later, and
     * the detector forgets what it has seen once it was asked: so it is asked once, after that
     * moment.
     */
    private static void checkForLeaks(String when) {
        if (System.getProperty("io.netty.customResourceLeakDetector") == null) {
            return;
        }
        Present present = new Present();
        long start = System.nanoTime();
        while (present.anything() && System.nanoTime() - start < PATIENCE.toNanos()) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        try {
            LeakPresenceDetector.check();
        } catch (IllegalStateException e) {
            throw new AssertionError("buffers or TLS left " + when, e);
        }
    }

    /** Looks at what the detector counts, without being one itself. */
    private static final class Present extends LeakPresenceDetector<Object> {
        Present() {
            super(Object.class);
        }

        boolean anything() {
            PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
            return currentScope().hasOpenResources()
                    || allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory() > 0;
        }
    }

    private static void closeAll(Deque<AutoCloseable> resources) throws Exception {
        // Last started, first closed: Weir before its nodes.
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }
}
