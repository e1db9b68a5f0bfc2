package io.weir.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.Zstd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Set;

/** Makes decoders for content codings (RFC 9110 section 8.4.1). Stateless. */
public final class Decoders {

    private static final Set<String> KNOWN = Set.of("gzip", "x-gzip", "deflate", "br", "zstd");

    private Decoders() {}

    /**
     * Whether Weir knows {@code coding}, though perhaps not how to decode it here.
     *
     * @param coding one name, in any case
     */
    public static boolean knows(String coding) {
        return KNOWN.contains(coding.strip().toLowerCase(Locale.ROOT));
    }

    /**
     * A decoder for a body, to be closed; null when {@code coding} is none that Weir knows, or its
     * library cannot be loaded.
     *
     * @param coding one name, in any case
     */
    public static @Nullable Decoder of(String coding) {
        try {
            return switch (coding.strip().toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> new InflateDecoder(true);
                case "deflate" -> new InflateDecoder(false);
                case "br" -> Brotli4jLoader.isAvailable() ? new BrotliDecoder() : null;
                case "zstd" -> Zstd.defaultCompressionLevel() > 0 ? new ZstdDecoder() : null;
                default -> null;
            };
        } catch (LinkageError e) {
            return null;
        }
    }

    /**
     * A whole body decoded, as a rule reads it; null when {@code coding} is unknown.
     *
     * @param limit bytes that may come out
     * @throws CorruptException when it cannot be decoded or becomes longer than {@code limit}
     */
    public static byte @Nullable [] whole(byte[] body, String coding, int limit)
            throws CorruptException {
        try (Decoder decoder = of(coding)) {
            if (decoder == null) {
                return null;
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            boolean[] tooLong = {false};
            ByteBuf in = Unpooled.wrappedBuffer(body);
            int from = 0;
            while (from < body.length && !tooLong[0]) {
                int n = Math.min(4096, body.length - from);
                decoder.write(
                        in.slice(from, n),
                        piece -> {
                            tooLong[0] |= all.size() + piece.readableBytes() > limit;
                            if (!tooLong[0]) {
                                byte[] bytes = new byte[piece.readableBytes()];
                                piece.readBytes(bytes);
                                all.writeBytes(bytes);
                            }
                            piece.release();
                        });
                from += n;
            }
            if (tooLong[0]) {
                throw new CorruptException(
                        "it becomes longer than " + limit + " bytes when it is decoded");
            }
            decoder.finish();
            return all.toByteArray();
        }
    }
}
