package io.weir.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.testkit.ReceivedResponse;

import tools.jackson.databind.JsonNode;

import java.net.URLDecoder;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What a rule is to do, read out of the description that the pages make of a form; knows nothing of
 * rules. Texts are as people read them.
 */
record Policy(JsonNode description) {

    private static final List<String> HOSTS =
            List.of("www.example.com", "shop.example.com", "api.example.org");
    private static final List<String> METHODS = List.of("GET", "POST", "HEAD");
    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/shop/",
                    "/shop/cart",
                    "/a.gif",
                    "/img/x.png",
                    "/it's",
                    "/m%C3%BCsli",
                    "/musli",
                    "/m%c3%bcsl%C3%AD",
                    "/caf%C3%A9n",
                    "/%E6%97%A5%E6%9C%AC",
                    "/%FCn");
    private static final List<String> QUERIES =
            List.of("", "", "?a=1", "?debug=1&x=2", "?gr%C3%B6%C3%9Fe=%E6%97%A5%e6%9c%ac");
    private static final List<String> NAMES = List.of("", "", "yes", "o'clock\\", "Zoë", "日本");
    private static final List<String> COOKIES =
            List.of("", "", "sid=abc", "lang=de; sid=àé", "other=1");

    /** Where a request comes from, and the port that it came to. */
    record Origin(String client, int port) {

        static Origin random(Random random) {
            return new Origin(
                    any(List.of("10.1.2.3", "192.0.2.7", "203.0.113.9"), random),
                    any(List.of(80, 443), random));
        }

        String proxyHeader() {
            return "PROXY TCP4 %s 10.0.0.1 1234 %d\r\n".formatted(client, port);
        }
    }

    /** A request; {@code name} and {@code cookies} are those fields, or empty. */
    record Asked(
            String method,
            String path,
            String query,
            String host,
            String name,
            String cookies,
            Origin origin) {

        static Asked random(Random random, Origin origin) {
            return new Asked(
                    any(METHODS, random),
                    any(PATHS, random),
                    any(QUERIES, random),
                    any(HOSTS, random),
                    any(NAMES, random),
                    any(COOKIES, random),
                    origin);
        }

        String text() {
            return "%s %s%s HTTP/1.1\r\nHost: %s\r\n%s%s%s\r\n"
                    .formatted(
                            method,
                            path,
                            query,
                            host,
                            name.isEmpty() ? "" : "X-Name: " + name + "\r\n",
                            cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n",
                            method.equals("POST") ? "Content-Length: 0\r\n" : "");
        }

        private String seen(JsonNode condition) {
            return switch (condition.path("subject").stringValue()) {
                case "path" -> URLDecoder.decode(path, UTF_8);
                case "query" -> URLDecoder.decode(query.isEmpty() ? "" : query.substring(1), UTF_8);
                case "host" -> host;
                case "method" -> method;
                case "client" -> origin.client();
                case "port" -> String.valueOf(origin.port());
                case "header" -> name;
                case "cookie" -> cookie(condition.path("name").stringValue());
                default -> throw new IllegalArgumentException(condition.toString());
            };
        }

        private String cookie(String wanted) {
            for (String each : cookies.split("; ", -1)) {
                if (each.startsWith(wanted + "=")) {
                    return each.substring(wanted.length() + 1);
                }
            }
            return "";
        }
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    boolean cuts() {
        return end().equals("discard");
    }

    /** Where a virtual server names the rule. */
    String list() {
        boolean answers =
                description
                        .path("actions")
                        .valueStream()
                        .anyMatch(a -> a.path("does").stringValue().equals("answer-header"));
        return answers ? "response-rules" : "request-rules";
    }

    private String end() {
        return description.path("end").path("does").stringValue();
    }

    /** Whether the rule does anything about a request. */
    boolean holds(Asked asked) {
        List<Boolean> hold =
                StreamSupport.stream(description.path("conditions").spliterator(), false)
                        .map(condition -> holds(condition, asked.seen(condition)))
                        .toList();
        boolean any = description.path("match").stringValue().equals("any");
        return hold.isEmpty() || (any ? hold.contains(true) : !hold.contains(false));
    }

    private static boolean holds(JsonNode condition, String seen) {
        String value = condition.path("value").asString("");
        return switch (condition.path("compare").stringValue()) {
            case "is" -> seen.equals(value);
            case "is-not" -> !seen.equals(value);
            case "starts" -> seen.startsWith(value);
            case "ends" -> seen.endsWith(value);
            case "contains" -> seen.contains(value);
            case "contains-not" -> !seen.contains(value);
            case "matches" -> Pattern.compile(value).matcher(seen).find();
            case "within" -> value.equals("10.0.0.0/8") && seen.startsWith("10.");
            case "there" -> !seen.isEmpty();
            case "missing" -> seen.isEmpty();
            default -> throw new IllegalArgumentException(condition.toString());
        };
    }

    /** What is to become of a request, in the words of {@link #told}. */
    String outcome(Asked asked) {
        String name = asked.name().isEmpty() ? "null" : asked.name();
        String set = "null";
        String target = asked.path() + asked.query();
        String answer = "";
        boolean holds = holds(asked);
        for (JsonNode action : holds ? description.path("actions") : List.<JsonNode>of()) {
            String second = action.path("second").asString("");
            switch (action.path("does").stringValue()) {
                case "set-header" -> set = second;
                case "remove-header" -> name = "null";
                case "set-path" -> target = "/%E6%97%A5%E6%9C%AC/%C3%A0" + asked.query();
                case "answer-header" -> answer = second;
                case "log" -> {}
                default -> throw new IllegalArgumentException(action.toString());
            }
        }
        return switch (holds ? end() : "none") {
            case "none" -> "web " + target + " " + name + " " + set + " " + answer;
            case "pool" -> "gold " + target + " " + name + " " + set + " " + answer;
            case "redirect" ->
                    "302 "
                            + description
                                    .path("end")
                                    .path("first")
                                    .stringValue()
                                    .replace("é", "%C3%A9");
            case "answer" ->
                    "403 text/plain; charset=utf-8 "
                            + (asked.method().equals("HEAD")
                                    ? ""
                                    : description.path("end").path("second").stringValue());
            default -> "cut";
        };
    }

    /** What became of a request, by what the client was told. */
    static String told(ReceivedResponse response) {
        String text =
                switch (response.status()) {
                    case 200 ->
                            response.field("X-Node")
                                    + " "
                                    + response.field("X-Target")
                                    + " "
                                    + response.field("X-Seen")
                                    + " "
                                    + response.field("X-Answer");
                    case 302 -> "302 " + response.field("Location");
                    default ->
                            response.status()
                                    + " "
                                    + response.field("Content-Type")
                                    + " "
                                    + response.text();
                };
        return new String(text.getBytes(ISO_8859_1), UTF_8);
    }
}
