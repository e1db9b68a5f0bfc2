package io.weir.explain;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A request that nobody sends, of which somebody asks what would become.
 *
 * @param secure whether it would come over TLS
 * @param port that it would come to
 * @param target path and query
 * @param headers besides Host, by name
 * @param client null for one that no list of addresses names
 * @param virtualServer that it would come to; null for the one at the port
 */
public record RequestQuestion(
        String method,
        boolean secure,
        String host,
        int port,
        String target,
        Map<String, List<String>> headers,
        @Nullable InetAddress client,
        @Nullable String virtualServer) {

    private static final Pattern LINE =
            Pattern.compile("(?:([A-Z]+) +)?(https?://[^ ]+)(?: +HTTP/[0-9.]+)?");

    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+): *([\\x20-\\x7e]*)");

    public RequestQuestion {
        headers = Map.copyOf(headers);
    }

    /**
     * The question in words: {@code GET http://a.example:8080/path} or {@code https://a.example/}.
     *
     * @param fields lines such as {@code Accept: text/html}
     * @throws IllegalArgumentException when the words are no request
     */
    public static RequestQuestion of(
            String request,
            List<String> fields,
            @Nullable InetAddress client,
            @Nullable String virtualServer) {
        Matcher line = LINE.matcher(request.strip());
        URI url = line.matches() ? uri(line.group(2)) : null;
        if (url == null || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "the request is '" + request + "', expected such as GET http://a.example/path");
        }
        boolean secure = "https".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String field : fields) {
            Matcher parts = FIELD.matcher(field);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "the header field is '" + field + "', expected such as Accept: text/html");
            }
            headers.merge(
                    parts.group(1).toLowerCase(Locale.ROOT),
                    List.of(parts.group(2).strip()),
                    RequestQuestion::both);
        }
        String method = line.group(1);
        return new RequestQuestion(
                method == null ? "GET" : method,
                secure,
                url.getRawAuthority(),
                port,
                path + query,
                headers,
                client,
                virtualServer);
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static List<String> both(List<String> a, List<String> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }
}
