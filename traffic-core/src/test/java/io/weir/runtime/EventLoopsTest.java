package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.admit.Budgets;
import io.weir.bandwidth.BandwidthClasses;
import io.weir.config.GlobalConfig;
import io.weir.event.BoundedEventBus;
import io.weir.testkit.Await;
import io.weir.time.Ticker;
import io.weir.tls.TlsContexts;
import io.weir.wire.BufferMemory;
import io.weir.wire.Transport;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** How the event loops end. */
class EventLoopsTest {

    private final CompletableFuture<Void> removed = new CompletableFuture<>();

    @ParameterizedTest
    @EnumSource(
            value = GlobalConfig.Transport.class,
            names = {"NIO", "AUTO"})
    void whatIsOpenIsClosedBeforeTheyAreToldToEnd(GlobalConfig.Transport wanted) {
        Ticker ticker = Ticker.system();
        Transport transport = Transport.of(wanted);
        try (BoundedEventBus events = BoundedEventBus.start(ticker);
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            EventLoops loops =
                    new EventLoops(
                            1,
                            transport,
                            ticker,
                            events,
                            new TlsContexts(GlobalConfig.TlsEngine.AUTO, Runnable::run, ticker),
                            new BandwidthClasses(ticker, timer),
                            new Budgets(
                                    ticker, events, new MemoryUse(BufferMemory::share), () -> 0));
            Channel channel = transport.channel().get();
            channel.pipeline()
                    .addLast(
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void handlerRemoved(ChannelHandlerContext ctx) {
                                    removed.complete(null);
                                }
                            });
            loops.all().getFirst().eventLoop().register(channel).syncUninterruptibly();

            loops.closeNodes();

            assertThat(channel.isOpen()).isFalse();
            Await.until("its handlers to be told", removed::isDone);
            loops.stop();
        }
    }
}
