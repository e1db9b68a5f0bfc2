package io.weir.exchange;

import io.weir.config.CompressionConfig.EtagRewrite;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Adds to the entity tags that clients send back what they were before compression marked them, so
 * that the store and the nodes know them again. They stay as well: a node's own tag may look as if
 * it had a mark.
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
            plain = plain.replace(mark(coding), "\"");
        }
        if (!plain.equals(value)) {
            x.tagsOfClient(value);
            head.set(name, value + ", " + plain);
        }
    }

    private static String mark(String coding) {
        return "-" + coding + "\"";
    }

    /** Has the answer to an unwrapped tag name the one that the client knows. */
    static void rewrap(Exchange x, ResponseHead head) {
        String known = x.tagsOfClient();
        String tag = head.get(FieldName.ETAG);
        if (known == null || tag == null || !tag.endsWith("\"") || known.contains(opaque(tag))) {
            return;
        }
        String inner = opaque(tag).substring(0, opaque(tag).length() - 1);
        for (String coding : CODINGS) {
            if (known.contains(inner + mark(coding))) {
                wrap(head, EtagRewrite.WRAP, coding);
                return;
            }
        }
    }

    /** A tag without what says that it is a weak one. */
    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
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
