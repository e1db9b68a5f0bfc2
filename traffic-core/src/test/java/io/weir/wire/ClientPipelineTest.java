package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import javax.net.ssl.SSLException;

/** What is readied for connections that do not come about. */
class ClientPipelineTest {

    @Test
    void whatCouldNotBeRegisteredLeavesNoTlsBehind() throws SSLException {
        Assumptions.assumeTrue(OpenSsl.isAvailable());
        SslContext context =
                SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL_REFCNT).build();
        EmbeddedChannel child =
                new EmbeddedChannel(null, DefaultChannelId.newInstance(), false, false);
        SslHandler handler = context.newHandler(child.alloc());
        child.pipeline().addLast(handler);

        ClientPipeline.discard(child);

        assertThat(child.isOpen()).isFalse();
        assertThat(((ReferenceCounted) handler.engine()).refCnt()).isZero();
        ReferenceCountUtil.release(context);
        assertThat(((ReferenceCounted) context).refCnt()).isZero();
    }
}
