package io.weir.testkit;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.LeakPresenceDetector;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Fails a test class that leaves a buffer, or a context, an engine or a key of native TLS,
 * unreleased. JUnit finds it by itself and asks it last, behind every class of every module: so
 * what one class leaves is never found, and held against it, by another one in the same JVM. Needs
 * Netty's {@link LeakPresenceDetector}, which the build sets.
 */
public final class NothingLeaks implements AfterAllCallback {

    private static final boolean COUNTED =
            LeakPresenceDetector.class
                    .getName()
                    .equals(System.getProperty("io.netty.customResourceLeakDetector"));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * What a stop has cut off may release the last of it a moment later, and the detector forgets
     * what it has seen once it was asked: so it is asked once, after that moment.
     */
    @Override
    public void afterAll(ExtensionContext context) {
        if (!COUNTED || !context.getParent().equals(Optional.of(context.getRoot()))) {
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
            throw new AssertionError("left by " + context.getDisplayName(), e);
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
}
