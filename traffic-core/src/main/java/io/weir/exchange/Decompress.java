package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.compress.CorruptException;
import io.weir.compress.Decoder;
import io.weir.compress.Decoders;
import io.weir.compress.Negotiation;
import io.weir.config.CompressionConfig.EtagRewrite;
import io.weir.fault.TrafficFault;
import io.weir.http.BodySink;
import io.weir.http.DigestFields;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

/** Decodes responses for clients that do not say that they can. Stateless. */
final class Decompress {

    private Decompress() {}

    /** Whether the response depends on what the client can decode. */
    static boolean concerns(ResponseHead head) {
        String coding = head.getAll(FieldName.CONTENT_ENCODING);
        int status = head.status();
        return coding != null
                && Decoders.knows(coding)
                && status >= 200
                && status != 204
                && status != 206
                && status != 304
                && !head.contains(FieldName.CONTENT_RANGE)
                && !head.listContains(FieldName.CACHE_CONTROL, "no-transform");
    }

    /**
     * Decodes the response of {@code x}, which {@link #concerns} has accepted, if it is coded in a
     * way that its client may not know.
     *
     * @return whether it will be
     */
    static boolean forClient(Exchange x, ResponseHead head, EtagRewrite rewrite) {
        String coding = head.getAll(FieldName.CONTENT_ENCODING);
        if (coding == null
                || isEmpty(x)
                || Negotiation.accepts(x.request().getAll(FieldName.ACCEPT_ENCODING), coding)) {
            return false;
        }
        Decoder decoder = Decoders.of(coding);
        if (decoder == null) {
            return false;
        }
        head.remove(FieldName.CONTENT_ENCODING);
        head.remove(FieldName.CONTENT_LENGTH);
        head.remove(FieldName.ACCEPT_RANGES);
        DigestFields.removeAll(head);
        // The tag is that of other bytes.
        UnwrapTags.wrap(head, rewrite == EtagRewrite.WRAP ? EtagRewrite.WEAKEN : rewrite, coding);
        if (x.request().method() == Method.HEAD) {
            decoder.close();
            return true;
        }
        x.answer().length(Framing.CHUNKED);
        x.answer().filter(taker -> new Filter(x, taker, decoder));
        return true;
    }

    /** Whether the answer has nothing to decode, and would not have it for another method. */
    private static boolean isEmpty(Exchange x) {
        return x.answer().length() == 0 && x.request().method() != Method.HEAD;
    }

    /** Streams a body through a decoder. */
    private static final class Filter implements ResponseFilter {
        private final Exchange x;
        private final BodySink taker;
        private @Nullable Decoder decoder;

        Filter(Exchange x, BodySink taker, Decoder decoder) {
            this.x = x;
            this.taker = taker;
            this.decoder = decoder;
        }

        @Override
        public void data(ByteBuf piece) {
            try {
                Decoder d = decoder;
                if (d != null) {
                    d.write(piece, taker::data);
                }
            } catch (CorruptException e) {
                broken(e);
            } finally {
                piece.release();
            }
        }

        @Override
        public void end(@Nullable Fields trailers) {
            try {
                Decoder d = decoder;
                if (d != null) {
                    d.finish();
                    release();
                    if (trailers != null) {
                        DigestFields.removeAll(trailers);
                    }
                    taker.end(trailers);
                }
            } catch (CorruptException e) {
                broken(e);
            }
        }

        private void broken(CorruptException e) {
            release();
            x.fail(
                    new TrafficFault.NodeBroke(
                            "the body could not be decoded for the client: " + e.getMessage()));
        }

        @Override
        public void release() {
            Decoder d = decoder;
            decoder = null;
            if (d != null) {
                d.close();
            }
        }
    }
}
