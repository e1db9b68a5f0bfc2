package io.weir.wire.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.weir.testkit.UncheckedJvm;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.ArrayList;

/** What a name server can have the decoder read that says more than it sends. */
class ArrayBuffersTest {

    @Test
    void anAnswerThatClaimsToBeLongerIsReadToTheEndOfItsBufferAtMost() throws Exception {
        assertThat(UncheckedJvm.run(Unchecked.class)).containsExactly("refused");
    }

    /** Decodes a header that announces a question, in a buffer that has no room for one. */
    static final class Unchecked extends DatagramDnsResponseDecoder {
        public static void main(String[] arguments) throws Exception {
            NioDatagramChannel channel = ArrayBuffers.in(new NioDatagramChannel());
            ByteBuf answer = channel.alloc().ioBuffer(12);
            channel.unsafe().closeForcibly();
            answer.writeShort(1).writeShort(0x8180).writeShort(1).writeZero(6);
            InetSocketAddress somewhere = new InetSocketAddress(53);
            try {
                new Unchecked()
                        .decode(
                                null,
                                new DatagramPacket(answer, somewhere, somewhere),
                                new ArrayList<>());
                System.out.println("read");
            } catch (ArrayIndexOutOfBoundsException | DecoderException e) {
                System.out.println("refused");
            }
        }
    }
}
