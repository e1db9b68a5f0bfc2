package io.weir.testkit;

import io.weir.time.Ticker;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Starts Weir in the test's own process and stops it again: what a test method started at its end,
 * what was started before all methods at the end of the class. Registered as a static field with
 * {@code @RegisterExtension}.
 */
public final class WeirExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

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
    }

    private static void closeAll(Deque<AutoCloseable> resources) throws Exception {
        // Last started, first closed: Weir before its nodes.
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }
}
