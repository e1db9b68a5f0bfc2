package io.weir.rest;

import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes long answers short on their way to those who take gzip (RFC 9110 section 8.4.1.3). Short
 * ones, which may hold a secret beside what somebody else has chosen, stay as they are. Stateless.
 */
final class Compression {

    private static final int LONG = 8 << 10;

    private Compression() {}

    /** The same answer, compressed where that is worth it. */
    static AdminResponse of(AdminRequest request, AdminResponse answer) throws IOException {
        String taken = request.header("Accept-Encoding");
        if (taken == null
                || !taken.contains("gzip")
                || !(answer.body() instanceof AdminResponse.Bytes(byte[] content))
                || content.length < LONG) {
            return answer;
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(content.length / 4);
        try (Fast gzip = new Fast(compressed)) {
            gzip.write(content);
        }
        return new AdminResponse(
                        answer.status(),
                        answer.fields(),
                        new AdminResponse.Bytes(compressed.toByteArray()))
                .with("Content-Encoding", "gzip")
                .with("Vary", "Accept-Encoding");
    }

    /** Answers are made and read once, so speed counts more than the last byte. */
    private static final class Fast extends GZIPOutputStream {
        Fast(ByteArrayOutputStream out) throws IOException {
            super(out, 4096);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
