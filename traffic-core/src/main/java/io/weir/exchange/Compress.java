package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.cache.Body;
import io.weir.cache.Stored;
import io.weir.compress.Encoder;
import io.weir.compress.Encoders;
import io.weir.compress.Negotiation;
import io.weir.config.CompressionConfig;
import io.weir.config.CompressionConfig.Coding;
import io.weir.config.CompressionConfig.EtagRewrite;
import io.weir.http.BodySink;
import io.weir.http.DigestFields;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * Compresses what is worth it for clients that like it: never twice, never a part, never what must
 * not be transformed. A response in the store is compressed once, beside the traffic, and kept.
 */
final class Compress implements Step {

    private final CompressAccess access;
    private final CompressionConfig config;

    Compress(CompressAccess access) {
        this.access = access;
        this.config = access.config();
    }

    @Override
    public Next run(Exchange x) {
        ResponseHead head = x.response();
        if (head == null) {
            return Next.CONTINUE;
        }
        if (head.status() == 304) {
            notModified(x, head);
            return Next.CONTINUE;
        }
        boolean fixed = fixed(x);
        if (config.decompress() && !fixed && Decompress.concerns(head)) {
            vary(head);
            if (Decompress.forClient(x, head, config.etagRewrite())) {
                x.record().compression = "decoded";
                return Next.CONTINUE;
            }
        }
        boolean known =
                x.request().method() == Method.HEAD
                        ? head.contains(FieldName.CONTENT_LENGTH)
                        : x.answer().length() >= 0;
        long length = known ? length(x, head) : -1;
        Boolean wish = CacheWish.compression(x.cacheWishIfAny());
        boolean wanted =
                wish == null
                        ? listed(head.get(FieldName.CONTENT_TYPE)) && sized(known, length)
                        : wish && (!known || length > 0);
        String unfit = fixed ? "no-transform" : unfit(head);
        if (head.status() == 206 && listed(head.get(FieldName.CONTENT_TYPE))) {
            // RFC 9110 section 15.3.7: as the whole would have it.
            vary(head);
        }
        if (unfit != null || !wanted) {
            x.record().compression =
                    unfit != null
                            ? unfit
                            : wish != null
                                    ? "rule"
                                    : listed(head.get(FieldName.CONTENT_TYPE)) ? "size" : "type";
            return Next.CONTINUE;
        }
        vary(head);
        Coding coding = choose(x);
        if (coding != null) {
            encode(x, head, coding, known);
        } else {
            x.record().compression = "client";
        }
        return Next.CONTINUE;
    }

    /** Whether the node wants a stored response left as it is, whatever its clients are told. */
    private static boolean fixed(Exchange x) {
        Stored stored = x.answer().stored();
        return stored != null && stored.noTransform();
    }

    /** RFC 9110 section 15.4.5: tag and Vary as the response would have them. */
    private void notModified(Exchange x, ResponseHead head) {
        if (x.tagsOfClient() != null) {
            vary(head);
            DigestFields.removeAll(head);
            UnwrapTags.rewrap(x, head);
            return;
        }
        Stored stored = x.answer().stored();
        if (stored == null) {
            return;
        }
        ResponseHead whole = x.context().responseHead();
        stored.fill(whole);
        boolean coded =
                unfit(whole) == null
                        && listed(whole.get(FieldName.CONTENT_TYPE))
                        && sized(true, stored.body().written());
        if (coded || config.decompress() && Decompress.concerns(whole)) {
            vary(head);
            DigestFields.removeAll(head);
        }
        if (coded && config.etagRewrite() == EtagRewrite.WEAKEN && choose(x) != null) {
            UnwrapTags.wrap(head, EtagRewrite.WEAKEN, "");
        }
        x.context().giveBack(whole);
    }

    /** The coding for the client; null for none. */
    private @Nullable Coding choose(Exchange x) {
        return x.request().http10()
                ? null
                : Negotiation.choose(
                        x.request().getAll(FieldName.ACCEPT_ENCODING), access.encoders().codings());
    }

    private static void vary(ResponseHead head) {
        if (!head.listContains(FieldName.VARY, "accept-encoding")
                && !head.listContains(FieldName.VARY, "*")) {
            head.add(FieldName.VARY, "Accept-Encoding");
        }
    }

    private static long length(Exchange x, ResponseHead head) {
        String announced = head.get(FieldName.CONTENT_LENGTH);
        return x.request().method() == Method.HEAD && announced != null
                ? Long.parseLong(announced)
                : x.answer().length();
    }

    private boolean sized(boolean known, long length) {
        if (!known) {
            return config.noSize();
        }
        return length > 0
                && length >= config.minSize()
                && (config.maxSize() == 0 || length <= config.maxSize());
    }

    /** Why the response stays as it is, whoever asks for it, in a word; null when it need not. */
    private static @Nullable String unfit(ResponseHead head) {
        int status = head.status();
        if (status < 200 || status == 204 || status == 205) {
            return "status";
        }
        if (status == 206 || head.contains(FieldName.CONTENT_RANGE)) {
            return "part";
        }
        if (head.contains(FieldName.CONTENT_ENCODING)) {
            return "coded";
        }
        return head.listContains(FieldName.CACHE_CONTROL, "no-transform") ? "no-transform" : null;
    }

    private boolean listed(@Nullable String type) {
        if (type == null) {
            return false;
        }
        int semicolon = type.indexOf(';');
        String name =
                (semicolon < 0 ? type : type.substring(0, semicolon))
                        .strip()
                        .toLowerCase(Locale.ROOT);
        for (String each : config.includeMime()) {
            boolean fits =
                    each.endsWith("*")
                            ? name.startsWith(each.substring(0, each.length() - 1))
                            : name.equals(each);
            if (fits) {
                return true;
            }
        }
        return false;
    }

    private void encode(Exchange x, ResponseHead head, Coding coding, boolean known) {
        String name = coding.name().toLowerCase(Locale.ROOT);
        x.record().compression = name;
        head.add(FieldName.CONTENT_ENCODING, name);
        head.remove(FieldName.CONTENT_LENGTH);
        head.remove(FieldName.ACCEPT_RANGES);
        DigestFields.removeAll(head);
        UnwrapTags.wrap(head, config.etagRewrite(), name);
        Stored stored = x.answer().stored();
        if (x.request().method() == Method.HEAD) {
            Body kept = stored == null ? null : stored.encoded(name);
            if (kept != null) {
                head.add(FieldName.CONTENT_LENGTH, kept.written());
                x.record().compression = name + "-kept";
            }
            return;
        }
        if (stored != null && served(x, head, stored, name)) {
            return;
        }
        if (stored != null && !stored.noTransform()) {
            access.keepLater(stored, coding, name);
        }
        x.answer().length(Framing.CHUNKED);
        Encoder encoder = access.encoders().take(coding);
        Encoders encoders = access.encoders();
        x.answer().filter(taker -> new Filter(taker, encoders, coding, encoder, !known));
    }

    /** Sends what was compressed before. */
    private static boolean served(Exchange x, ResponseHead head, Stored stored, String coding) {
        Body body = stored.encoded(coding);
        if (body == null || !x.answer().isWholeFromStore() || !body.hold()) {
            return false;
        }
        head.add(FieldName.CONTENT_LENGTH, body.written());
        x.record().compression = coding + "-kept";
        x.answer().length(body.written());
        x.answer().sendInstead(new StoredSource(x, body, 0, body.written()));
        return true;
    }

    /** Streams a body through an encoder. */
    private static final class Filter implements ResponseFilter {
        private final BodySink taker;
        private final Encoders encoders;
        private final Coding coding;
        private final boolean prompt;
        private @Nullable Encoder encoder;
        private boolean pending;

        /**
         * @param prompt whether what has come is sent on when nothing more comes for the moment
         */
        Filter(BodySink taker, Encoders encoders, Coding coding, Encoder encoder, boolean prompt) {
            this.taker = taker;
            this.encoders = encoders;
            this.coding = coding;
            this.encoder = encoder;
            this.prompt = prompt;
        }

        @Override
        public void data(ByteBuf piece) {
            try {
                Encoder e = encoder;
                if (e != null) {
                    pending = true;
                    e.write(piece, taker::data);
                }
            } finally {
                piece.release();
            }
        }

        @Override
        public void flush() {
            Encoder e = encoder;
            if (e != null && prompt && pending) {
                pending = false;
                e.flush(taker::data);
            }
        }

        @Override
        public void end(@Nullable Fields trailers) {
            Encoder e = encoder;
            if (e != null) {
                e.finish(taker::data);
            }
            release();
            if (trailers != null) {
                DigestFields.removeAll(trailers);
            }
            taker.end(trailers);
        }

        @Override
        public void release() {
            Encoder e = encoder;
            encoder = null;
            if (e != null) {
                encoders.giveBack(coding, e);
            }
        }
    }

    /** Whether tags of compressed responses are marked. */
    static boolean wraps(CompressionConfig config) {
        return config.etagRewrite() == EtagRewrite.WRAP;
    }
}
