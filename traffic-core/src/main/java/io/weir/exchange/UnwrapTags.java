package io.weir.exchange;

import io.weir.config.CompressionConfig.EtagRewrite;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Takes the marks that compression has set out of the entity tags that clients send back, so that
 * the store and the nodes know them again.
 */
final class UnwrapTags implements Step {

    private static final List<String> CODINGS = List.of("gzip", "br", "zstd", "deflate");

    @Override
    public Next run(Exchange x) {
        RequestHead head = x.request();
        unwrap(x, head, FieldName.IF_NONE_MATCH);
        unwrap(x, head, FieldName.IF_MATCH);
        return Next.CONTINUE;
    }

    private static void unwrap(Exchange x, RequestHead head, FieldName name) {
        String value = head.getAll(name);
        if (value == null) {
            return;
        }
        String plain = value;
        for (String coding : CODINGS) {
            String mark = "-" + coding + "\"";
            if (plain.contains(mark)) {
                plain = plain.replace(mark, "\"");
                x.unwrappedCoding(coding);
            }
        }
        if (!plain.equals(value)) {
            head.set(name, plain);
        }
    }

    /** The answer to an unwrapped tag names the tag that the client knows. */
    static void rewrap(Exchange x, ResponseHead head) {
        String coding = x.unwrappedCoding();
        if (coding != null) {
            wrap(head, EtagRewrite.WRAP, coding);
        }
    }

    /** Does to the tag of a compressed response what the configuration says. */
    static void wrap(ResponseHead head, EtagRewrite rewrite, String coding) {
        @Nullable String tag = head.get(FieldName.ETAG);
        if (tag == null || rewrite == EtagRewrite.IGNORE) {
            return;
        }
        head.remove(FieldName.ETAG);
        boolean quoted = tag.length() > 1 && tag.endsWith("\"");
        switch (rewrite) {
            case WEAKEN -> head.add(FieldName.ETAG, tag.startsWith("W/") ? tag : "W/" + tag);
            case WRAP -> {
                if (quoted) {
                    String inner = tag.substring(0, tag.length() - 1);
                    head.add(FieldName.ETAG, inner + "-" + coding + "\"");
                }
            }
            default -> {}
        }
    }
}
