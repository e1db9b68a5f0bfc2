package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Connections that send while the loop handles events are all sent, and after it has done so. */
class SendBatchTest {

    /** More than three batches, and not a whole number of them. */
    private static final int CONNECTIONS = 200;

    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private Runnable events = () -> {};
    private IoHandler loop;

    @BeforeEach
    void start() {
        EmbeddedChannel owner = new EmbeddedChannel();
        SendBatch.Factory factory = new SendBatch.Factory(_ -> new Events());
        loop = factory.newHandler(owner.eventLoop());
        SendBatch batch = factory.of(owner.eventLoop());
        byte[][] scratch = {new byte[64]};
        SendMemory memory = new SendMemory();
        for (int i = 0; i < CONNECTIONS; i++) {
            EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
            ChannelHandlerContext ctx = channel.pipeline().firstContext();
            channels.add(channel);
            outputs.add(new Output(ctx, scratch, batch, memory, new KernelPipe()));
        }
        owner.close();
    }

    @AfterEach
    void stop() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void everyConnectionIsSentInEveryTurnHoweverManyThereAre() {
        for (int turn = 0; turn < 4; turn++) {
            events = () -> outputs.forEach(output -> say(output, "hello"));
            loop.run(null);
            assertThat(sent()).hasSize(CONNECTIONS).containsOnly("hello");
        }
    }

    @Test
    void whatIsSaidTwiceInOneTurnLeavesOnceAndInOrder() {
        events =
                () -> {
                    outputs.forEach(output -> say(output, "hel"));
                    outputs.forEach(output -> say(output, "lo"));
                };
        outputs.subList(64, CONNECTIONS).clear();
        loop.run(null);
        assertThat(sent()).hasSize(64).containsOnly("hello");
    }

    @Test
    void smallThingsWaitForTheEndOfTheTurnAndLargeOnesDoNot() {
        List<Object> during = new ArrayList<>();
        events =
                () -> {
                    say(outputs.get(0), "small");
                    say(outputs.get(1), "x".repeat(17 * 1024));
                    during.add(channels.get(0).outboundMessages().size());
                    during.add(channels.get(1).outboundMessages().size());
                };
        loop.run(null);
        assertThat(during).containsExactly(0, 1);
        assertThat(sent()).hasSize(2);
    }

    @Test
    void whatIsMuchAltogetherDoesNotWaitForTheEndOfTheTurn() {
        List<Integer> during = new ArrayList<>();
        events =
                () -> {
                    for (Output output : outputs.subList(0, 40)) {
                        say(output, "x".repeat(10_000));
                    }
                    during.add(sent().size());
                };
        loop.run(null);
        assertThat(during).containsExactly(26);
        assertThat(sent()).hasSize(14);
    }

    @Test
    void outsideATurnEverythingLeavesAtOnce() {
        say(outputs.get(ThreadLocalRandom.current().nextInt(CONNECTIONS)), "now");
        assertThat(sent()).containsExactly("now");
    }

    private static void say(Output output, String text) {
        output.bytes(text.getBytes(StandardCharsets.US_ASCII));
        output.flushSoon();
    }

    private List<String> sent() {
        List<String> texts = new ArrayList<>();
        for (EmbeddedChannel channel : channels) {
            ByteBuf bytes;
            while ((bytes = channel.readOutbound()) != null) {
                texts.add(bytes.toString(StandardCharsets.US_ASCII));
                bytes.release();
            }
        }
        return texts;
    }

    private final class Events implements IoHandler {
        @Override
        public int run(IoHandlerContext context) {
            events.run();
            return 1;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wakeup() {}

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return true;
        }
    }
}
