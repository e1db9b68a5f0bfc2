package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that can be seen of a body that was read from bytes, so that two readings of the same
 * bytes can be compared. Checks on the way what holds for every reading: pieces are not empty, the
 * end is told once and comes last, and nobody keeps a buffer.
 *
 * @param body without framing
 * @param ended how often the sink heard of the end
 * @param trailers those that are left; null when there were none
 * @param behind bytes taken; -1 when the body is broken, because then nothing more will be read
 */
record BodyReading(
        BodyReader.Progress progress,
        @Nullable Defect defect,
        String body,
        int ended,
        @Nullable List<String> trailers,
        int behind) {

    /** Reads a body; {@code length} and {@code limit} as for {@link BodyReader#start}. */
    static BodyReading of(long length, long limit, byte[] bytes, int... cuts) {
        BodyReader reader = new BodyReader();
        reader.start(length, limit);
        return of(reader, bytes, cuts);
    }

    static BodyReading of(long length, String latin1) {
        return of(length, 0, HeadReading.bytes(latin1));
    }

    static BodyReading chunked(String latin1) {
        return of(Framing.CHUNKED, latin1);
    }

    /** Reads with {@code reader}, which has been started. */
    static BodyReading of(BodyReader reader, byte[] bytes, int... cuts) {
        Collected collected = new Collected();
        List<ByteBuf> buffers = new ArrayList<>();
        BodyReader.Progress progress = BodyReader.Progress.NEED_MORE;
        int behind = 0;
        for (byte[] piece : Cuts.pieces(bytes, cuts)) {
            ByteBuf in = Unpooled.wrappedBuffer(piece);
            buffers.add(in);
            progress = reader.read(in, collected);
            behind += in.readerIndex();
            if (progress == BodyReader.Progress.NEED_MORE && in.isReadable()) {
                throw new AssertionError("asks for more with " + in.readableBytes() + " unread");
            }
            if (progress != BodyReader.Progress.NEED_MORE) {
                break;
            }
        }
        boolean broken = progress == BodyReader.Progress.BROKEN;
        BodyReading reading =
                new BodyReading(
                        progress,
                        broken ? reader.defect() : null,
                        collected.body.toString(StandardCharsets.ISO_8859_1),
                        collected.ended,
                        collected.trailers,
                        broken ? -1 : behind);
        if (reader.total() < collected.body.size()) {
            throw new AssertionError(reader.total() + " bytes counted of " + reading);
        }
        if (reader.done() != (progress == BodyReader.Progress.COMPLETE)) {
            throw new AssertionError("done: " + reader.done() + " after " + reading);
        }
        collected.pieces.forEach(ByteBuf::release);
        for (ByteBuf in : buffers) {
            if (in.refCnt() != 1) {
                throw new AssertionError(in.refCnt() + " owners of a buffer after " + reading);
            }
            in.release();
        }
        return reading;
    }

    private static final class Collected implements BodySink {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final List<ByteBuf> pieces = new ArrayList<>();
        private int ended;
        private @Nullable List<String> trailers;

        @Override
        public void data(ByteBuf piece) {
            if (ended > 0 || !piece.isReadable()) {
                throw new AssertionError("a piece that is empty or comes behind the end");
            }
            pieces.add(piece);
            byte[] bytes = new byte[piece.readableBytes()];
            piece.getBytes(piece.readerIndex(), bytes);
            body.writeBytes(bytes);
        }

        @Override
        public void end(@Nullable Fields fields) {
            ended++;
            if (fields != null && fields.fieldCount() > 0) {
                byte[] out = new byte[fields.encodedLength()];
                int length = fields.encode(out, 0);
                trailers =
                        List.of(
                                new String(out, 0, length, StandardCharsets.ISO_8859_1)
                                        .split("\r\n"));
            }
        }
    }
}
