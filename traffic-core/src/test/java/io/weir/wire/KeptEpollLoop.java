package io.weir.wire;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** One event loop on a {@link KeptEpoll} for each test; without epoll the test is left out. */
final class KeptEpollLoop implements BeforeEachCallback, AfterEachCallback {

    private @Nullable EventLoopGroup group;

    EventLoopGroup group() {
        return Objects.requireNonNull(group, "there is no loop outside a test");
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        Assumptions.assumeTrue(Epoll.isAvailable());
        group = new MultiThreadIoEventLoopGroup(1, KeptEpoll.newFactory());
    }

    @Override
    public void afterEach(ExtensionContext test) {
        EventLoopGroup there = group;
        if (there != null) {
            there.shutdownGracefully(0, 30, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
