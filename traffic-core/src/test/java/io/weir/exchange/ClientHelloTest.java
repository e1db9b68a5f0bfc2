package io.weir.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weir.testkit.UncheckedJvm;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Opening messages of a real TLS client, whole, cut, in pieces and damaged. */
class ClientHelloTest {

    private static byte[] hello(String name, String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static ClientHello read(byte[] bytes) {
        return ClientHello.read(Unpooled.wrappedBuffer(bytes));
    }

    @Test
    void aRealHelloTellsNameAndProtocols() throws Exception {
        assertThat(read(hello("Shop.Example", "h2", "http/1.1")))
                .isEqualTo(new ClientHello.Asks("shop.example", List.of("h2", "http/1.1")));
    }

    @Test
    void everyBeginningOfAHelloAsksForMore() throws Exception {
        byte[] whole = hello("a.example", "h2");
        for (int length = 1; length < whole.length; length++) {
            assertThat(read(Arrays.copyOf(whole, length)))
                    .as("%s bytes", length)
                    .isEqualTo(new ClientHello.More());
        }
    }

    @Test
    void aHelloInManyRecordsIsTheSame() throws Exception {
        byte[] whole = hello("a.example", "h2");
        ByteArrayOutputStream cut = new ByteArrayOutputStream();
        for (int at = 5; at < whole.length; at += 3) {
            int length = Math.min(3, whole.length - at);
            cut.writeBytes(new byte[] {22, 3, 1, 0, (byte) length});
            cut.write(whole, at, length);
        }
        assertThat(read(cut.toByteArray())).isEqualTo(read(whole));
        byte[] bytes = cut.toByteArray();
        for (int length = 1; length < bytes.length; length++) {
            assertThat(read(Arrays.copyOf(bytes, length))).isEqualTo(new ClientHello.More());
        }
    }

    @Test
    void whatFollowsTheHelloIsNotLookedAt() throws Exception {
        byte[] whole = hello("a.example");
        byte[] more = Arrays.copyOf(whole, whole.length + 100);
        assertThat(read(more)).isEqualTo(read(whole));
    }

    @Test
    void otherProtocolsAreNoTls() {
        assertThat(read("GET / HTTP/1.1\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEqualTo(new ClientHello.NoTls());
        assertThat(read(new byte[] {22, 9})).isEqualTo(new ClientHello.NoTls());
        assertThat(read(new byte[] {(byte) 0x80, 46, 1})).isEqualTo(new ClientHello.NoTls());
    }

    @Test
    void aHelloThatIsTooLongOrMalformedIsBroken() {
        assertThat(read(new byte[] {22, 3, 1, 0, 4, 1, 1, 0, 0}))
                .isInstanceOf(ClientHello.Broken.class);
        assertThat(read(new byte[] {22, 3, 1, 0, 0})).isInstanceOf(ClientHello.Broken.class);
        assertThat(read(new byte[] {22, 3, 1, 0, 4, 2, 0, 0, 0}))
                .isInstanceOf(ClientHello.Broken.class);
        assertThat(read(new byte[] {22, 3, 1, 0, 6, 1, 0, 0, 2, 0, 0}))
                .isInstanceOf(ClientHello.Broken.class);
    }

    /** A hello with these extensions, each as type and octets, with {@code tail} behind them. */
    private static byte[] hello(byte[] tail, byte[]... extensions) {
        ByteBuf all = Unpooled.buffer();
        for (byte[] extension : extensions) {
            all.writeBytes(extension);
        }
        ByteBuf body = Unpooled.buffer();
        body.writeShort(0x0303).writeZero(32).writeByte(0);
        body.writeShort(2).writeShort(0x1301).writeByte(1).writeByte(0);
        body.writeShort(all.readableBytes()).writeBytes(all).writeBytes(tail);
        ByteBuf out = Unpooled.buffer();
        out.writeByte(22).writeShort(0x0301).writeShort(body.readableBytes() + 4);
        out.writeByte(1).writeMedium(body.readableBytes()).writeBytes(body);
        return ByteBufUtil.getBytes(out);
    }

    private static byte[] names(int tail, String... names) {
        ByteBuf list = Unpooled.buffer();
        for (String name : names) {
            list.writeByte(0).writeShort(name.length());
            list.writeCharSequence(name, StandardCharsets.ISO_8859_1);
        }
        ByteBuf out = Unpooled.buffer();
        out.writeShort(0).writeShort(list.readableBytes() + 2 + tail);
        out.writeShort(list.readableBytes()).writeBytes(list).writeZero(tail);
        return ByteBufUtil.getBytes(out);
    }

    @Test
    void whatTwoReadersCouldTakeForTwoNamesIsBroken() {
        byte[] none = {};
        assertThat(read(hello(none, names(0, "a.example"))))
                .isEqualTo(new ClientHello.Asks("a.example", List.of()));
        assertThat(
                        List.of(
                                read(hello(none, names(0, "a.example"), names(0, "b.example"))),
                                read(hello(none, names(0, "a.example", "b.example"))),
                                read(hello(none, names(0, "a.example\0.b.example"))),
                                read(hello(none, names(1, "a.example"))),
                                read(hello(names(0, "b.example"), names(0, "a.example")))))
                .allSatisfy(found -> assertThat(found).isInstanceOf(ClientHello.Broken.class));
    }

    @Test
    void aHelloInVeryManyRecordsIsBroken() {
        ByteBuf cut = Unpooled.buffer();
        cut.writeBytes(new byte[] {22, 3, 1, 0, 4, 1, 0, 0x70, 0});
        for (int i = 0; i < 2000; i++) {
            cut.writeBytes(new byte[] {22, 3, 1, 0, 1, 0});
        }
        assertThat(ClientHello.read(cut)).isInstanceOf(ClientHello.Broken.class);
    }

    /** Hellos that say something is longer than they are. */
    private static List<byte[]> overlong() {
        ByteBuf opening = Unpooled.buffer();
        opening.writeShort(0x0303).writeZero(32);
        byte[] begun = ByteBufUtil.getBytes(opening);
        byte[] suites = {0, 0, 2, 0x13, 1, 1, 0};
        return List.of(
                around(Arrays.copyOf(begun, 10)),
                around(begun),
                around(begun, (byte) 200),
                around(begun, (byte) 0, (byte) 0xff, (byte) 0xff),
                around(begun, (byte) 0, (byte) 0, (byte) 0, (byte) 9),
                around(begun, with(suites, 0)),
                around(begun, with(suites, 0, 9)),
                around(begun, with(suites, 0, 5, 0, 0, 0, 9, 0)),
                around(begun, with(suites, 0, 4, 0, 0, 0, 0)),
                around(begun, with(suites, 0, 6, 0, 0, 0, 2, 0, 9)),
                around(begun, with(suites, 0, 9, 0, 0, 0, 5, 0, 3, 0, 0, 9)),
                around(begun, with(suites, 0, 7, 0, 16, 0, 3, 0, 1, 9)));
    }

    private static byte[] with(byte[] bytes, int... more) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + more.length);
        for (int i = 0; i < more.length; i++) {
            all[bytes.length + i] = (byte) more[i];
        }
        return all;
    }

    /** The record and message around a body. */
    private static byte[] around(byte[] body, byte... more) {
        ByteBuf out = Unpooled.buffer();
        int length = body.length + more.length;
        out.writeByte(22).writeShort(0x0301).writeShort(length + 4);
        out.writeByte(1).writeMedium(length).writeBytes(body).writeBytes(more);
        return ByteBufUtil.getBytes(out);
    }

    @Test
    void aLengthThatRunsPastTheEndIsBroken() {
        assertThat(overlong()).map(ClientHelloTest::read).hasOnlyElementsOfType(BROKEN);
    }

    @Test
    void nothingBehindTheEndIsReadWhereBuffersCheckNoBounds() throws Exception {
        assertThat(UncheckedJvm.run(Unchecked.class))
                .hasSize(overlong().size())
                .allMatch(BROKEN.getSimpleName()::equals);
    }

    private static final Class<ClientHello.Broken> BROKEN = ClientHello.Broken.class;

    /** Reads each of them out of a buffer with other bytes behind it. */
    static final class Unchecked {
        public static void main(String[] arguments) {
            for (byte[] bytes : overlong()) {
                ByteBuf in = Unpooled.directBuffer(256 * 1024).writeBytes(bytes);
                in.setZero(in.writerIndex(), in.writableBytes());
                System.out.println(ClientHello.read(in).getClass().getSimpleName());
            }
        }
    }

    @Test
    void damageNeverThrowsAndNeverTakesBytes() throws Exception {
        byte[] whole = hello("a.example", "h2");
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            ByteBuf buffer = Unpooled.wrappedBuffer(damaged);
            assertThat(ClientHello.read(buffer)).isNotNull();
            assertThat(buffer.readableBytes()).isEqualTo(damaged.length);
        }
    }
}
