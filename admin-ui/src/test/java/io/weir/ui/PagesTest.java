package io.weir.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.admin.Caller;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

class PagesTest {

    private static final int FIRST_PAGE_LIMIT = 300 * 1024;

    private final Pages pages = new Pages();

    private AdminResponse get(String path, Map<String, List<String>> headers) throws IOException {
        return pages.handle(
                new AdminRequest(
                        "GET",
                        path,
                        "",
                        headers,
                        new byte[0],
                        InetAddress.getLoopbackAddress(),
                        true,
                        null,
                        Caller.NOBODY));
    }

    private AdminResponse get(String path) throws IOException {
        return get(path, Map.of());
    }

    private static byte[] body(AdminResponse answer) {
        return ((AdminResponse.Bytes) answer.body()).content();
    }

    private static String text(AdminResponse answer) {
        return new String(body(answer), StandardCharsets.UTF_8);
    }

    private static @Nullable String field(AdminResponse answer, String name) {
        return answer.fields().stream()
                .filter(f -> f.name().equals(name))
                .map(AdminResponse.Field::value)
                .findFirst()
                .orElse(null);
    }

    @Test
    void theFirstPageNamesOnlyFilesThatAreThere() throws IOException {
        Matcher named = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(text(get("/")));
        int files = 0;
        while (named.find()) {
            assertThat(get("/" + named.group(1)).status()).as(named.group(1)).isEqualTo(200);
            files++;
        }
        assertThat(files).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aPageIsAllowedNothingFromElsewhereAndNothingInline() throws IOException {
        AdminResponse answer = get("/");
        assertThat(field(answer, "Content-Security-Policy"))
                .contains("default-src 'none'")
                .contains("script-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(text(answer)).doesNotContain("<script>").doesNotContain("style=");
    }

    @Test
    void whatIsNeededForTheFirstPageIsSmall() throws IOException {
        Pattern imported = Pattern.compile("from\"\\./(part-[^\"]+)\"|import\"\\./(part-[^\"]+)\"");
        long bytes = compressed("/").length;
        bytes += compressed("/weir.css").length;
        byte[] program = compressed("/weir.js");
        bytes += program.length;
        Matcher parts = imported.matcher(text(get("/weir.js")));
        while (parts.find()) {
            String part = parts.group(1) == null ? parts.group(2) : parts.group(1);
            bytes += compressed("/" + part).length;
        }
        assertThat(bytes).isLessThan(FIRST_PAGE_LIMIT);
    }

    private byte[] compressed(String path) throws IOException {
        AdminResponse answer = get(path, Map.of("Accept-Encoding", List.of("gzip, br")));
        assertThat(field(answer, "Content-Encoding")).isEqualTo("gzip");
        return body(answer);
    }

    @Test
    void aCompressedPageIsTheSamePage() throws IOException {
        byte[] plain = body(get("/weir.css"));
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(compressed("/weir.css")))) {
            assertThat(in.readAllBytes()).isEqualTo(plain);
        }
    }

    @Test
    void aPageThatTheBrowserHasIsNotSentAgain() throws IOException {
        String tag = field(get("/weir.js"), "ETag");
        assertThat(tag).isNotNull();
        AdminResponse again =
                get("/weir.js", Map.of("If-None-Match", List.of(String.valueOf(tag))));
        assertThat(again.status()).isEqualTo(304);
        assertThat(body(again)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../Pages.class",
                "/%2e%2e/Pages.class",
                "/Pages.class",
                "/nowhere.html",
                "//etc/passwd",
                "/pages/index.html",
                "/weir.js/"
            })
    void nothingButThePagesIsServed(String path) throws IOException {
        assertThat(get(path).status()).isEqualTo(404);
    }
}
