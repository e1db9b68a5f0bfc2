package io.weir.admin.server;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Netty's decoder with bounds, and without its leniency for messages that have both a length and a
 * transfer coding (RFC 9112, section 6.1), on which two servers could disagree.
 */
final class RequestDecoder extends HttpRequestDecoder {

    static final int MAX_LINE = 8 << 10;
    static final int MAX_HEADER = 32 << 10;
    private static final int MAX_CHUNK = 64 << 10;

    RequestDecoder() {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_LINE)
                        .setMaxHeaderSize(MAX_HEADER)
                        .setMaxChunkSize(MAX_CHUNK)
                        .setAllowDuplicateContentLengths(false)
                        .setStrictLineParsing(true));
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("the request has a length and a transfer coding");
    }
}
