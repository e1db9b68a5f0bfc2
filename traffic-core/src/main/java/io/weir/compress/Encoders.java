package io.weir.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.Zstd;

import io.weir.config.CompressionConfig;
import io.weir.config.CompressionConfig.Coding;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The encoders of one configuration; used ones are kept for the next body. A coding whose native
 * library cannot be loaded is left out. Safe for every thread.
 */
public final class Encoders implements AutoCloseable {

    /** Idle encoders kept of each coding. */
    private static final int MAX_KEPT = 32;

    /** Up to this level Weir's own encoder is used, above it the JDK's zlib. */
    private static final int SWIFT_LEVEL = 2;

    private final CompressionConfig config;
    private final List<Coding> codings = new ArrayList<>();
    private final Map<Coding, ArrayBlockingQueue<Encoder>> kept = new EnumMap<>(Coding.class);
    private volatile boolean closed;

    /** Loads the native libraries that {@code config} needs. */
    public Encoders(CompressionConfig config) {
        this.config = config;
        for (Coding coding : config.codings()) {
            if (available(coding)) {
                codings.add(coding);
                kept.put(coding, new ArrayBlockingQueue<>(MAX_KEPT));
            }
        }
    }

    private static boolean available(Coding coding) {
        try {
            return switch (coding) {
                case GZIP, DEFLATE -> true;
                case BR -> Brotli4jLoader.isAvailable();
                case ZSTD -> Zstd.defaultCompressionLevel() > 0;
            };
        } catch (LinkageError e) {
            return false;
        }
    }

    /** The codings that there are encoders for, the preferred one first. */
    public List<Coding> codings() {
        return codings;
    }

    /** An encoder, to be given back; also after {@link #close}, and then it is not kept. */
    public Encoder take(Coding coding) {
        ArrayBlockingQueue<Encoder> queue = kept.get(coding);
        @Nullable Encoder used = queue == null ? null : queue.poll();
        return used != null ? used : make(coding, config.level(), config.fast());
    }

    /** Takes an encoder back; it may hold a body that was not finished. */
    public void giveBack(Coding coding, Encoder encoder) {
        encoder.reset();
        ArrayBlockingQueue<Encoder> queue = kept.get(coding);
        if (closed || queue == null || !queue.offer(encoder)) {
            encoder.close();
        } else if (closed) {
            // It may have come behind the last look of close().
            closeKept();
        }
    }

    /** An encoder for a response that is compressed once and kept; the caller closes it. */
    public Encoder thorough(Coding coding) {
        return make(coding, config.storedLevel(), false);
    }

    private Encoder make(Coding coding, int level, boolean fast) {
        return switch (coding) {
            case GZIP -> fast ? new FastGzipEncoder() : deflate(level, true);
            case DEFLATE -> deflate(level, false);
            case BR -> new BrotliEncoder(config.brotliLevel());
            case ZSTD -> new ZstdEncoder(config.zstdLevel());
        };
    }

    private static Encoder deflate(int level, boolean gzip) {
        return level <= SWIFT_LEVEL
                ? new SwiftDeflateEncoder(gzip)
                : new DeflateEncoder(level, gzip);
    }

    /** Keeps none any longer; what is in use is closed when it is given back. */
    @Override
    public void close() {
        closed = true;
        closeKept();
    }

    private void closeKept() {
        for (ArrayBlockingQueue<Encoder> queue : kept.values()) {
            for (Encoder each = queue.poll(); each != null; each = queue.poll()) {
                each.close();
            }
        }
    }
}
