package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.weir.config.GlobalConfig.TlsEngine;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.persist.ClusterKey;
import io.weir.testkit.ConfigText;
import io.weir.testkit.ManualTicker;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import javax.net.ssl.SSLContext;

/** Tickets are good as long as the key that encrypted them, and no longer. */
class TicketKeysTest {

    @TempDir Path directory;
    private final ManualTicker ticker = new ManualTicker();
    private final TestCa ca = new TestCa("ca");
    private final TlsContexts contexts = new TlsContexts(TlsEngine.OPENSSL, Runnable::run, ticker);
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private Channel server;
    private volatile ServerTls tls;
    private String sessionTimeout = "2d";

    @BeforeEach
    void start() throws IOException {
        ca.issue("a.example").write(directory, "a");
        tls = use();
        server =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        open.add(channel);
                                        channel.pipeline()
                                                .addLast(
                                                        tls.newHandler(
                                                                PooledByteBufAllocator.DEFAULT),
                                                        new SaysWhetherResumed());
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
    }

    @AfterEach
    void stop() {
        server.close().syncUninterruptibly();
        open.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
        contexts.use(contexts.prepare()).run();
    }

    private final class SaysWhetherResumed extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                SslHandler handler = ctx.pipeline().get(SslHandler.class);
                boolean resumed = ClientTls.of(tls.config(), handler, null, 0).resumed();
                ctx.writeAndFlush(
                        ctx.alloc()
                                .buffer()
                                .writeBytes(
                                        (resumed ? "resumed" : "full   ")
                                                .getBytes(StandardCharsets.US_ASCII)));
            }
        }
    }

    /** Has the configuration in force with the files as they are now. */
    private ServerTls use() throws IOException {
        return use(contexts, "own", null);
    }

    private static ClusterKey key(String text) {
        return ClusterKey.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private ServerTls use(TlsContexts member, String keys, @Nullable ClusterKey cluster)
            throws IOException {
        String yaml =
                ConfigText.ofNodes("127.0.0.1:1")
                        .virtualServer(
                                "tls: {certificate: "
                                        + directory.resolve("a.pem")
                                        + ", key: "
                                        + directory.resolve("a.key")
                                        + ", session-cache: 0, session-timeout: "
                                        + sessionTimeout
                                        + ","
                                        + " ticket-key-rotation: 1h, ticket-key-expiry: 3h,"
                                        + " ticket-keys: "
                                        + keys
                                        + "}")
                        .toString();
        WeirConfig config =
                Objects.requireNonNull(
                        ConfigLoader.parse(
                                        yaml,
                                        Path.of("t.yaml"),
                                        new Environment(Map.of(), Path.of("none")))
                                .config());
        VirtualServerConfig vs = Objects.requireNonNull(config.virtualServers().get("web"));
        TlsContexts.Prepared prepared = member.prepare();
        TlsConfig settings = Objects.requireNonNull(vs.tls());
        member.prepare(prepared, vs, settings, List.of(), cluster);
        member.use(prepared).run();
        return Objects.requireNonNull(prepared.server("web"));
    }

    private String handshake(SSLContext client, String version) throws IOException {
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        try (TlsClient connection = TlsClient.to(port, client, "a.example", version)) {
            return connection.raw().exactly(7).trim();
        }
    }

    private void pass(Duration time) {
        ticker.advance(time);
        contexts.turnTicketKeys();
    }

    @Test
    void aTicketIsTakenUntilItsKeyExpires() throws IOException {
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            SSLContext first = ca.trusting();
            assertThat(handshake(first, version)).isEqualTo("full");
            assertThat(handshake(first, version)).isEqualTo("resumed");
            pass(Duration.ofMinutes(61));
            SSLContext second = ca.trusting();
            assertThat(handshake(second, version)).isEqualTo("full");
            // Its key has been replaced, and still decrypts.
            assertThat(handshake(first, version)).isEqualTo("resumed");
            pass(Duration.ofMinutes(119));
            assertThat(handshake(second, version)).as("by the second key").isEqualTo("resumed");
            pass(Duration.ofHours(4));
            assertThat(handshake(second, version)).as("all keys have gone").isEqualTo("full");
        }
    }

    @Test
    void whatTheFirstKeyEncryptedIsNotTakenAfterItsEnd() throws IOException {
        SSLContext client = ca.trusting();
        assertThat(handshake(client, "TLSv1.2")).isEqualTo("full");
        pass(Duration.ofMinutes(61));
        pass(Duration.ofHours(2));
        assertThat(handshake(client, "TLSv1.2")).isEqualTo("full");
    }

    @Test
    void noTicketIsTakenForLongerThanASession() throws IOException {
        sessionTimeout = "20m";
        for (String keys : new String[] {"own", "cluster"}) {
            tls = use(contexts, keys, key("one for all"));
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                SSLContext client = ca.trusting();
                assertThat(handshake(client, version)).isEqualTo("full");
                pass(Duration.ofMinutes(12));
                SSLContext later = ca.trusting();
                assertThat(handshake(later, version)).isEqualTo("full");
                pass(Duration.ofMinutes(9));
                assertThat(handshake(client, version)).as("after 21 minutes").isEqualTo("full");
                assertThat(handshake(later, version)).as("after 9").isEqualTo("resumed");
            }
        }
    }

    @Test
    void ticketsOutliveTheCertificateThatWasShownWithThem() throws IOException {
        SSLContext client = ca.trusting();
        assertThat(handshake(client, "TLSv1.3")).isEqualTo("full");
        ca.issue("a.example").write(directory, "a");
        ServerTls before = tls;
        tls = use();
        assertThat(tls).isNotSameAs(before);
        assertThat(handshake(client, "TLSv1.3")).isEqualTo("resumed");
    }

    @Test
    void membersOfAClusterTakeEachOthersTicketsUntilTheirKeyExpires() throws IOException {
        ManualTicker ahead = new ManualTicker();
        TlsContexts other = new TlsContexts(TlsEngine.OPENSSL, Runnable::run, ahead);
        ServerTls before = tls;
        ServerTls here = use(contexts, "cluster", key("one for all"));
        // The clock of the other member is in the next hour already.
        ahead.advance(Duration.ofMinutes(61));
        ServerTls there = use(other, "cluster", key("one for all"));
        assertThat(here).isNotSameAs(before);
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            SSLContext client = ca.trusting();
            tls = here;
            assertThat(handshake(client, version)).isEqualTo("full");
            tls = there;
            assertThat(handshake(client, version)).as("here, then there").isEqualTo("resumed");
            client = ca.trusting();
            assertThat(handshake(client, version)).isEqualTo("full");
            tls = here;
            assertThat(handshake(client, version)).as("there, then here").isEqualTo("resumed");
        }
        SSLContext late = ca.trusting();
        SSLContext tooLate = ca.trusting();
        assertThat(handshake(late, "TLSv1.2")).isEqualTo("full");
        assertThat(handshake(tooLate, "TLSv1.2")).isEqualTo("full");
        pass(Duration.ofMinutes(150));
        assertThat(handshake(late, "TLSv1.2")).as("by an older key").isEqualTo("resumed");
        pass(Duration.ofMinutes(40));
        assertThat(handshake(tooLate, "TLSv1.2")).as("the key has expired").isEqualTo("full");
        other.use(other.prepare()).run();
    }

    @Test
    void anotherClusterKeyTakesNoTickets() throws IOException {
        SSLContext client = ca.trusting();
        tls = use(contexts, "cluster", key("one for all"));
        assertThat(handshake(client, "TLSv1.3")).isEqualTo("full");
        tls = use(contexts, "cluster", key("another one"));
        assertThat(handshake(client, "TLSv1.3")).isEqualTo("full");
        assertThat(handshake(client, "TLSv1.3")).isEqualTo("resumed");
    }
}
