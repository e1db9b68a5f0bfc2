package io.weir.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Weir's own deflate encoders, held against the JDK's decoder. */
class DeflateEncodersTest {

    enum Kind {
        SWIFT_GZIP,
        SWIFT_DEFLATE,
        FAST;

        Encoder encoder() {
            return switch (this) {
                case SWIFT_GZIP -> new SwiftDeflateEncoder(true);
                case SWIFT_DEFLATE -> new SwiftDeflateEncoder(false);
                case FAST -> new FastGzipEncoder();
            };
        }

        byte[] decode(byte[] sent) {
            ByteArrayInputStream in = new ByteArrayInputStream(sent);
            try (var decoder =
                    this == SWIFT_DEFLATE ? new InflaterInputStream(in) : new GZIPInputStream(in)) {
                return decoder.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What an encoder lets out. */
    private static final class Sent implements Consumer<ByteBuf> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void accept(ByteBuf piece) {
            byte[] copy = new byte[piece.readableBytes()];
            piece.readBytes(copy);
            piece.release();
            bytes.writeBytes(copy);
        }
    }

    private static void write(Encoder encoder, byte[] body, int from, int to, Sent sent) {
        ByteBuf piece = Unpooled.directBuffer(to - from + 1).writeBytes(body, from, to - from);
        encoder.write(piece, sent);
        assertThat(piece.readableBytes()).isEqualTo(to - from);
        piece.release();
    }

    private static byte[] whole(Encoder encoder, byte[] body) {
        Sent sent = new Sent();
        write(encoder, body, 0, body.length, sent);
        encoder.finish(sent);
        return sent.bytes.toByteArray();
    }

    /** Bytes between those of a coin and those of a dice, with repetitions near and far. */
    private static byte[] body(Random random, int length) {
        byte[] body = new byte[length];
        int alphabet = 1 + random.nextInt(random.nextBoolean() ? 4 : 256);
        int repeats = random.nextInt(100);
        for (int i = 0; i < length; ) {
            if (i > 0 && random.nextInt(100) < repeats) {
                int back = 1 + random.nextInt(Math.min(i, random.nextBoolean() ? 16 : 70_000));
                int n = Math.min(length - i, 1 + random.nextInt(300));
                for (int k = 0; k < n; k++, i++) {
                    body[i] = body[i - back];
                }
            } else {
                body[i++] = (byte) random.nextInt(alphabet);
            }
        }
        return body;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatTheyMakeIsDecodedHoweverItCame(Kind kind) {
        Random random = new Random(8);
        try (Encoder encoder = kind.encoder()) {
            for (int round = 0; round < 1500; round++) {
                byte[] body = body(random, random.nextInt(round % 100 == 0 ? 300_000 : 900));
                Sent sent = new Sent();
                for (int at = 0; at < body.length; ) {
                    int n = Math.min(body.length - at, 1 + random.nextInt(body.length));
                    write(encoder, body, at, at + n, sent);
                    at += n;
                    if (random.nextInt(3) == 0) {
                        encoder.flush(sent);
                    }
                }
                encoder.finish(sent);
                assertThat(kind.decode(sent.bytes.toByteArray()))
                        .as("round %s", round)
                        .isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aBodyMayBeCutAnywhere(Kind kind) throws Exception {
        byte[] body = body(new Random(3), 400);
        try (Encoder encoder = kind.encoder()) {
            for (int cut = 0; cut <= body.length; cut++) {
                Sent sent = new Sent();
                write(encoder, body, 0, cut, sent);
                encoder.flush(sent);
                assertThat(soFar(kind, sent.bytes.toByteArray(), body.length))
                        .isEqualTo(Arrays.copyOf(body, cut));
                write(encoder, body, cut, body.length, sent);
                encoder.finish(sent);
                assertThat(kind.decode(sent.bytes.toByteArray())).isEqualTo(body);
            }
        }
    }

    /** What can be decoded of a body that has not ended. */
    private static byte[] soFar(Kind kind, byte[] sent, int most) throws DataFormatException {
        int header = kind == Kind.SWIFT_DEFLATE ? 2 : 10;
        Inflater inflater = new Inflater(true);
        inflater.setInput(sent, header, sent.length - header);
        byte[] out = new byte[most + 1];
        int n = inflater.inflate(out);
        inflater.end();
        return Arrays.copyOf(out, n);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aBodyThatWasGivenUpLeavesNothingBehind(Kind kind) {
        byte[] body = body(new Random(4), 100_000);
        try (Encoder encoder = kind.encoder()) {
            byte[] first = whole(encoder, body);
            write(encoder, body, 0, 90_000, new Sent());
            encoder.reset();
            assertThat(whole(encoder, body)).isEqualTo(first);
            assertThat(kind.decode(whole(encoder, new byte[0]))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void extremesAreDecoded(Kind kind) {
        byte[] noise = new byte[300_000];
        new Random(5).nextBytes(noise);
        try (Encoder encoder = kind.encoder()) {
            assertThat(kind.decode(whole(encoder, noise))).isEqualTo(noise);
            assertThat(kind.decode(whole(encoder, new byte[300_000]))).hasSize(300_000);
            assertThat(kind.decode(whole(encoder, fibonacci()))).isEqualTo(fibonacci());
        }
    }

    /** Bytes that occur as often as the best codes for them are long. */
    private static byte[] fibonacci() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int before = 1;
        int count = 1;
        for (int value = 0; out.size() + count < 60_000; value++) {
            for (int i = 0; i < count; i++) {
                out.write(value * 7);
            }
            count += before;
            before = count - before;
        }
        byte[] body = out.toByteArray();
        Random random = new Random(6);
        for (int i = body.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            byte kept = body[i];
            body[i] = body[other];
            body[other] = kept;
        }
        return body;
    }

    @Test
    void whatCannotBecomeShorterHardlyBecomesLonger() {
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        try (Encoder encoder = new SwiftDeflateEncoder(true)) {
            assertThat(whole(encoder, noise).length).isLessThan(noise.length + 100);
        }
    }

    @Test
    void pagesAndRecordsBecomeAsSmallAsWithTheFirstLevelOfZlib() {
        try (Encoder encoder = new SwiftDeflateEncoder(true)) {
            for (byte[] body : new byte[][] {page(), records()}) {
                assertThat(whole(encoder, body).length).isLessThanOrEqualTo(zlib(body));
            }
        }
    }

    /** As a gzip body. */
    private static int zlib(byte[] body) {
        Deflater deflater = new Deflater(1, true);
        deflater.setInput(body);
        deflater.finish();
        int n = deflater.deflate(new byte[body.length]);
        deflater.end();
        return n + 18;
    }

    private static String[] words(Random random) {
        String[] words = new String[600];
        for (int i = 0; i < words.length; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = 2 + random.nextInt(8); n > 0; n--) {
                word.append("etaoinshrdlucmfwypvbgk".charAt(random.nextInt(22)));
            }
            words[i] = word.toString();
        }
        return words;
    }

    private static byte[] page() {
        Random random = new Random(9);
        String[] words = words(random);
        StringBuilder out = new StringBuilder();
        while (out.length() < 50 * 1024) {
            out.append("<li class=\"item\" id=\"n").append(random.nextInt(100_000));
            out.append("\"><a href=\"/item/").append(random.nextInt(100_000)).append("\">");
            for (int n = 4 + random.nextInt(8); n > 0; n--) {
                out.append(words[random.nextInt(600)]).append(' ');
            }
            out.append("</a></li>\n");
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] records() {
        Random random = new Random(10);
        String[] words = words(random);
        StringBuilder out = new StringBuilder("[");
        while (out.length() < 50 * 1024) {
            out.append("{\"id\": ").append(random.nextInt()).append(", \"name\": \"");
            out.append(words[random.nextInt(600)]).append("\", \"price\": ");
            out.append(random.nextInt(10_000) / 100.0).append(", \"tags\": [\"");
            out.append(words[random.nextInt(600)]).append("\", \"");
            out.append(words[random.nextInt(600)]).append("\"], \"stock\": true},\n");
        }
        return out.append("{}]").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
