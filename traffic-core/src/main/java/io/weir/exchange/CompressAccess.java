package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.cache.Body;
import io.weir.cache.CacheStore;
import io.weir.cache.Stored;
import io.weir.compress.Encoder;
import io.weir.compress.Encoders;
import io.weir.config.CompressionConfig;
import io.weir.config.CompressionConfig.Coding;

import java.util.concurrent.Executor;

/**
 * Compression as the steps of one virtual server see it. Safe for every thread.
 *
 * @param background runs what takes long, one after the other
 */
public record CompressAccess(
        CompressionConfig config, Encoders encoders, CacheStore store, Executor background) {

    /** Longest body that is compressed beside the traffic. */
    private static final long MOST_KEPT = 4L << 20;

    private static final int PIECE = 64 * 1024;

    /** Compresses {@code stored} some time, if nobody does so already, and keeps the result. */
    void keepLater(Stored stored, Coding coding, String name) {
        Body body = stored.body();
        if (body.state() == Body.State.COMPLETE
                && body.written() <= MOST_KEPT
                && stored.claim(name)
                && body.hold()) {
            background.execute(() -> keep(stored, coding, name));
        }
    }

    private void keep(Stored stored, Coding coding, String name) {
        Body from = stored.body();
        Body to = store.newBody();
        boolean kept = false;
        try (Encoder encoder = encoders.thorough(coding)) {
            boolean[] room = {true};
            java.util.function.Consumer<ByteBuf> out =
                    piece -> {
                        room[0] = room[0] && to.append(piece);
                        piece.release();
                    };
            for (long at = 0; at < from.written() && room[0]; ) {
                ByteBuf piece = from.slice(at, PIECE);
                at += piece.readableBytes();
                encoder.write(piece, out);
                piece.release();
            }
            encoder.finish(out);
            kept = room[0] && to.complete() && store.keepEncoded(stored, name, to);
        } finally {
            from.letGo();
            if (!kept) {
                to.letGo();
            }
        }
    }
}
