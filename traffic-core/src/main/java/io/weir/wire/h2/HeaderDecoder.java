package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

import org.jspecify.annotations.Nullable;

/**
 * Takes field blocks apart (RFC 7541) with Netty's tables, and hands each field on without making
 * an object of the list. Confined to one event loop.
 */
final class HeaderDecoder {

    /** Takes the fields of one block, in order. */
    @FunctionalInterface
    interface FieldSink {
        void field(AsciiString name, AsciiString value);
    }

    private final Receiver receiver = new Receiver();
    private final Tables tables;

    /**
     * @param maxList bytes of one list, as SETTINGS_MAX_HEADER_LIST_SIZE counts them
     */
    HeaderDecoder(int maxList) {
        tables = new Tables(maxList);
    }

    private final class Tables extends DefaultHttp2HeadersDecoder {
        Tables(int maxList) {
            super(false, maxList);
        }

        @Override
        protected Http2Headers newHeaders() {
            return receiver;
        }
    }

    /** Stands where Netty would collect the fields. */
    private static final class Receiver extends DefaultHttp2Headers {
        private @Nullable FieldSink sink;

        Receiver() {
            super(false, 2);
        }

        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            FieldSink to = sink;
            if (to != null) {
                to.field(AsciiString.of(name), AsciiString.of(value));
            }
            return this;
        }
    }

    /** The peer has accepted another size of its table. */
    void tableSize(int bytes) throws ConnectionError {
        try {
            tables.configuration().maxHeaderTableSize(bytes);
        } catch (Http2Exception e) {
            throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads a whole block; every block of the connection must pass here, for the tables' sake.
     *
     * @return whether the list stayed within its limit; else the sink has seen only a part of it
     */
    boolean decode(int stream, ByteBuf block, FieldSink sink) throws ConnectionError {
        receiver.sink = sink;
        try {
            tables.decodeHeaders(stream, block);
            return true;
        } catch (Http2Exception e) {
            if (e instanceof Http2Exception.HeaderListSizeException) {
                return false;
            }
            throw new ConnectionError(
                    ErrorCode.COMPRESSION_ERROR, "bad field block: " + e.getMessage());
        } finally {
            receiver.sink = null;
        }
    }
}
