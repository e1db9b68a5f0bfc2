package io.weir.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.config.CompressionConfig.Coding;
import io.weir.testkit.CacheDefaults;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

class DecodersTest {

    private static byte[] encoded(Coding coding, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Encoders encoders = new Encoders(CacheDefaults.COMPRESSION);
                Encoder encoder = encoders.thorough(coding)) {
            ByteBuf in = Unpooled.directBuffer().writeBytes(body);
            encoder.write(in, piece -> take(piece, out));
            encoder.finish(piece -> take(piece, out));
            in.release();
        }
        return out.toByteArray();
    }

    private static void take(ByteBuf piece, ByteArrayOutputStream out) {
        byte[] bytes = new byte[piece.readableBytes()];
        piece.readBytes(bytes);
        out.writeBytes(bytes);
        piece.release();
    }

    private static byte[] text(int length) {
        Random random = new Random(5);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) ('a' + random.nextInt(20));
        }
        return text;
    }

    private static String name(Coding coding) {
        return coding.name().toLowerCase(Locale.ROOT);
    }

    private static byte[] decoded(String coding, byte[] body, int step) throws CorruptException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Decoder decoder = Objects.requireNonNull(Decoders.of(coding))) {
            for (int at = 0; at < body.length; at += step) {
                int n = Math.min(step, body.length - at);
                decoder.write(Unpooled.wrappedBuffer(body, at, n), piece -> take(piece, out));
            }
            decoder.finish();
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void whatAnEncoderMadeIsDecodedHoweverItIsCut(Coding coding) throws Exception {
        byte[] body = text(100_000);
        byte[] encoded = encoded(coding, body);
        for (int step : new int[] {1, 7, 1000, encoded.length}) {
            assertThat(decoded(name(coding), encoded, step)).isEqualTo(body);
        }
        assertThat(Decoders.whole(encoded, name(coding), 100_000)).isEqualTo(body);
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void whatBreaksOffIsNotTakenForTheWhole(Coding coding) {
        byte[] encoded = encoded(coding, text(10_000));
        byte[] cut = Arrays.copyOf(encoded, encoded.length - 9);
        assertThatThrownBy(() -> decoded(name(coding), cut, 500))
                .isInstanceOf(CorruptException.class);
    }

    @ParameterizedTest
    @EnumSource(Coding.class)
    void aBombIsStoppedBeforeItGoesOff(Coding coding) {
        byte[] bomb = encoded(coding, new byte[30 << 20]);
        assertThat(bomb.length).isLessThan(100_000);
        long[] out = {0};
        assertThatThrownBy(
                        () -> {
                            try (Decoder decoder =
                                    Objects.requireNonNull(Decoders.of(name(coding)))) {
                                decoder.write(
                                        Unpooled.wrappedBuffer(bomb),
                                        piece -> {
                                            out[0] += piece.readableBytes();
                                            piece.release();
                                        });
                            }
                        })
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("times as many");
        assertThat(out[0]).isLessThanOrEqualTo(Math.max(1 << 20, 100L * bomb.length));
    }

    @Test
    void aRuleGetsNoMoreThanItsLimit() {
        byte[] encoded = encoded(Coding.GZIP, text(10_000));
        assertThatThrownBy(() -> Decoders.whole(encoded, "gzip", 9_999))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("9999");
    }

    @Test
    void gzipWithAllItsPartsAndSeveralMembersIsDecoded() throws Exception {
        byte[] plain = encoded(Coding.GZIP, text(1000));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3});
        all.writeBytes(new byte[] {3, 0, 'x', 'y', 'z'});
        all.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(new byte[] {1, 2});
        all.write(plain, 10, plain.length - 10);
        all.writeBytes(plain);
        byte[] twice = new byte[2000];
        System.arraycopy(text(1000), 0, twice, 0, 1000);
        System.arraycopy(text(1000), 0, twice, 1000, 1000);
        assertThat(decoded("gzip", all.toByteArray(), 3)).isEqualTo(twice);
    }

    @Test
    void aWrongChecksumIsNoticed() {
        byte[] encoded = encoded(Coding.GZIP, text(1000));
        encoded[encoded.length - 6] ^= 1;
        assertThatThrownBy(() -> decoded("gzip", encoded, 100))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void otherCodingsAreUnknown() throws Exception {
        assertThat(Decoders.of("compress")).isNull();
        assertThat(Decoders.of("gzip, br")).isNull();
        assertThat(Decoders.whole(new byte[3], "identity", 10)).isNull();
    }

    @Test
    void aClientCanDecodeWhatItSays() {
        assertThat(Negotiation.accepts("br, gzip;q=0.5", "gzip")).isTrue();
        assertThat(Negotiation.accepts("x-gzip", "GZIP")).isTrue();
        assertThat(Negotiation.accepts("*", "gzip")).isTrue();
        assertThat(Negotiation.accepts("*, gzip;q=0", "gzip")).isFalse();
        assertThat(Negotiation.accepts("br", "gzip")).isFalse();
        assertThat(Negotiation.accepts("", "gzip")).isFalse();
        assertThat(Negotiation.accepts(null, "gzip")).isFalse();
    }
}
