package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** What is read out of a client's first message, and that no bytes upset the reader. */
class ClientHelloTest {

    private static byte[] hello(String name, String version, String... suites)
            throws GeneralSecurityException, SSLException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setProtocols(new String[] {version});
        if (suites.length > 0) {
            parameters.setCipherSuites(suites);
        }
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(32768);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static ClientHello read(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        assertThat(ClientHello.form(in)).isEqualTo(ClientHello.Form.COMPLETE);
        return Objects.requireNonNull(ClientHello.read(in));
    }

    @Test
    void theNameIsReadInLowerCase() throws Exception {
        assertThat(read(hello("WWW.Example.com", "TLSv1.3")).serverName())
                .isEqualTo("www.example.com");
    }

    @Test
    void aClientWithoutSuitesForEllipticKeysTakesNoSuchCertificate() throws Exception {
        assertThat(
                        read(hello("a.b", "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                                .takesEcdsa(0x0403))
                .isFalse();
        assertThat(
                        read(hello("a.b", "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                                .takesEcdsa(0x0403))
                .isTrue();
        assertThat(read(hello("a.b", "TLSv1.3")).takesEcdsa(0x0403)).isTrue();
    }

    @Test
    void everyBeginningIsUnfinished() throws Exception {
        byte[] whole = hello("a.example", "TLSv1.3");
        for (int length = 0; length < whole.length; length++) {
            assertThat(ClientHello.form(Unpooled.wrappedBuffer(whole, 0, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .isEqualTo(ClientHello.Form.UNFINISHED);
        }
    }

    @Test
    void aMessageInSeveralRecordsIsJoined() throws Exception {
        byte[] whole = hello("a.example", "TLSv1.3");
        ByteBuf cut = Unpooled.buffer();
        for (int at = 5; at < whole.length; at += 50) {
            int length = Math.min(50, whole.length - at);
            cut.writeBytes(whole, 0, 3).writeShort(length).writeBytes(whole, at, length);
        }
        byte[] bytes = new byte[cut.readableBytes()];
        cut.readBytes(bytes);
        assertThat(read(bytes).serverName()).isEqualTo("a.example");
    }

    @Test
    void whatIsNotTlsIsToldAtOnce() {
        for (String text : new String[] {"GET / HTTP/1.1\r\n", "\u0080.\u0001", "\u0000"}) {
            assertThat(
                            ClientHello.form(
                                    Unpooled.copiedBuffer(
                                            text, java.nio.charset.StandardCharsets.ISO_8859_1)))
                    .isEqualTo(ClientHello.Form.NOT_TLS);
        }
    }

    @Test
    void noBytesUpsetTheReader() throws Exception {
        byte[] whole = hello("a.example", "TLSv1.3");
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(8); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            ByteBuf in = Unpooled.wrappedBuffer(damaged, 0, random.nextInt(damaged.length + 1));
            if (ClientHello.form(in) == ClientHello.Form.COMPLETE) {
                ClientHello.read(in);
            }
        }
    }
}
