package io.weir.function;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Content codings that rules see through. */
final class Coding {

    private Coding() {}

    /** {@code body} without its coding, of which at most {@code limit} bytes may come out. */
    static byte[] decoded(byte[] body, String coding, long limit) {
        String name = coding.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("identity") || body.length == 0) {
            return body;
        }
        try (InputStream in = stream(body, name)) {
            byte[] out = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, limit + 1));
            if (out.length > limit) {
                throw new RuleErrorException("the body has more than body-limit bytes");
            }
            return out;
        } catch (IOException e) {
            throw new RuleErrorException("the body is not in the coding " + name + " as it says");
        }
    }

    private static InputStream stream(byte[] body, String name) throws IOException {
        InputStream in = new ByteArrayInputStream(body);
        return switch (name) {
            case "gzip", "x-gzip" -> new GZIPInputStream(in);
            case "deflate" -> new InflaterInputStream(in);
            default -> throw new RuleErrorException("the coding " + name + " cannot be undone");
        };
    }
}
