package io.weir.ui;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/**
 * Serves the pages out of the jar, to everybody: they hold nothing but the program that then asks
 * who one is. Each file is read and compressed once. Safe for every thread.
 */
final class Pages implements AdminHandler {

    /** Nothing from elsewhere, nothing inline, nothing in frames of others. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'";

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "svg", "image/svg+xml",
                    "txt", "text/plain; charset=utf-8");

    private record Page(String type, String tag, byte[] plain, byte[] compressed) {}

    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    @Override
    public AdminResponse handle(AdminRequest request) throws IOException {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return AdminResponse.problem(405, "pages can only be read").with("Allow", "GET, HEAD");
        }
        String name = request.path().equals("/") ? "index.html" : request.path().substring(1);
        Page page = page(name);
        if (page == null) {
            return AdminResponse.problem(404, "there is no such page");
        }
        AdminResponse answer;
        if (page.tag().equals(request.header("If-None-Match"))) {
            answer = AdminResponse.empty(304);
        } else {
            String codings = request.header("Accept-Encoding");
            boolean gzip = codings != null && codings.contains("gzip");
            answer = AdminResponse.of(200, page.type(), gzip ? page.compressed() : page.plain());
            if (gzip) {
                answer = answer.with("Content-Encoding", "gzip");
            }
        }
        // Parts carry a hash of their content in their name.
        String lifetime =
                name.startsWith("part-") ? "private, max-age=31536000, immutable" : "no-cache";
        return answer.with("ETag", page.tag())
                .with("Vary", "Accept-Encoding")
                .with("Cache-Control", lifetime)
                .with("Content-Security-Policy", POLICY);
    }

    /** The file of that name; null when there is none. */
    private @Nullable Page page(String name) throws IOException {
        Page known = pages.get(name);
        if (known != null) {
            return known;
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !name.matches("[A-Za-z0-9._-]+")) {
            return null;
        }
        try (InputStream in = Pages.class.getResourceAsStream("pages/" + name)) {
            if (in == null) {
                return null;
            }
            byte[] plain = in.readAllBytes();
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(plain);
            }
            Page page = new Page(type, tag(plain), plain, compressed.toByteArray());
            pages.put(name, page);
            return page;
        }
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
