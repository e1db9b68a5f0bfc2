package io.weir.http;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Stream;

/** Heads with what they are: complete, unfinished, or broken by one certain defect. */
final class SampleHeads {

    private SampleHeads() {}

    /**
     * A head.
     *
     * @param progress of reading the whole of it
     * @param defect what is wrong with it; null unless it is broken
     */
    record Sample(String latin1, Head.Progress progress, @Nullable Defect defect) {

        byte[] bytes() {
            return HeadReading.bytes(latin1);
        }

        @Override
        public String toString() {
            String text = latin1.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
            if (text.isEmpty()) {
                return "nothing";
            }
            return text.length() <= 60 ? text : text.substring(0, 60) + "...";
        }
    }

    private static Sample legal(String latin1) {
        return new Sample(latin1, Head.Progress.COMPLETE, null);
    }

    private static Sample unfinished(String latin1) {
        return new Sample(latin1, Head.Progress.NEED_MORE, null);
    }

    private static Sample broken(Defect defect, String latin1) {
        return new Sample(latin1, Head.Progress.BROKEN, defect);
    }

    static final String BROWSER =
            "GET /shop/items/4711?colour=dark%20red&sort=price HTTP/1.1\r\n"
                    + "Host: www.example.com\r\n"
                    + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101"
                    + " Firefox/140.0\r\n"
                    + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
                    + "Accept-Language: en-GB,en;q=0.7,de;q=0.3\r\n"
                    + "Accept-Encoding: gzip, deflate, br\r\n"
                    + "Referer: http://www.example.com/shop/\r\n"
                    + "Cookie: session=0123456789abcdef; theme=dark\r\n"
                    + "Upgrade-Insecure-Requests: 1\r\n"
                    + "Connection: keep-alive\r\n"
                    + "\r\n";

    static List<Sample> requests() {
        return Stream.concat(legalRequests().stream(), brokenRequests().stream()).toList();
    }

    static List<Sample> responses() {
        return Stream.concat(legalResponses().stream(), brokenResponses().stream()).toList();
    }

    static List<Sample> legalRequests() {
        return List.of(
                legal("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("GET / HTTP/1.0\r\n\r\n"),
                legal(BROWSER),
                legal("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"),
                legal("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                legal("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("OPTIONS http://a.example:8080 HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("GET http://a.example HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("GET HTTP://A.example?q HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("GET hTTp://[2001:db8::1]:80/p?q HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"),
                legal("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("M-SEARCH!#$%&'*+.^_`|~09 /x HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("get / HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("P / HTTP/1.1\r\n\r\n"),
                legal("A2345678901234567890123456789012 / HTTP/1.1\r\n\r\n"),
                legal("GET /a;b=c/../%2e%00/\"<>\\^`{|}?[]@!$&'()*+,= HTTP/1.1\r\n\r\n"),
                legal("GET / HTTP/1.1\r\nEmpty:\r\nBlank: \t \r\nHost:a\r\n\r\n"),
                legal("GET / HTTP/1.1\r\nX: \t a \t b \t\r\n\r\n"),
                legal("GET / HTTP/1.1\r\nX: \u00e4\u0080\u00ff\r\n\r\n"),
                legal("GET / HTTP/1.1\r\n!#$%&'*+-.^_`|~9aZ: v\r\n\r\n"),
                legal("GET / HTTP/1.1\r\nhOsT: a\r\nCONTENT-length: 1\r\ncookie: c\r\n\r\n"),
                legal("GET / HTTP/1.1\r\nLong: " + "v".repeat(3000) + "\r\n\r\n"),
                legal("GET /" + "p".repeat(2000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                legal("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(60) + "\r\n"));
    }

    static List<Sample> brokenRequests() {
        return List.of(
                unfinished(""),
                unfinished("\r"),
                unfinished("\r\n\r\n"),
                unfinished("GET"),
                unfinished("A2345678901234567890123456789012"),
                unfinished("GET /"),
                unfinished("GET / HTTP/1.1"),
                unfinished("GET / HTTP/1.1\r"),
                unfinished("GET / HTTP/1.1\r\n"),
                unfinished("GET / HTTP/1.1\r\nHost"),
                unfinished("GET / HTTP/1.1\r\nHost:"),
                unfinished("GET / HTTP/1.1\r\nHost: a"),
                unfinished("GET / HTTP/1.1\r\nHost: a\r"),
                unfinished("GET / HTTP/1.1\r\nHost: a\r\n"),
                unfinished("GET / HTTP/1.1\r\nHost: a\r\n\r"),
                broken(Defect.REQUEST_LINE, " GET / HTTP/1.1\r\n\r\n"),
                broken(Defect.REQUEST_LINE, "\nGET / HTTP/1.1\r\n\r\n"),
                broken(Defect.REQUEST_LINE, "\rGET / HTTP/1.1\r\n\r\n"),
                broken(Defect.REQUEST_LINE, "\r\n".repeat(5) + "GET / HTTP/1.1\r\n\r\n"),
                broken(Defect.REQUEST_LINE, "\u0016\u0003\u0001\u0002\0\u0001"),
                broken(Defect.REQUEST_LINE, "GET / http/1.1\r\n\r\n"),
                broken(Defect.REQUEST_LINE, "GET / XTTP/1.1\r\n\r\n"),
                broken(Defect.REQUEST_LINE, "GET /  HTTP/1.1\r\n\r\n"),
                broken(Defect.REQUEST_LINE, "GET / HTTP/1,1\r\n\r\n"),
                broken(Defect.REQUEST_LINE, "GET / HTTP/a.1\r\n\r\n"),
                broken(Defect.METHOD, "GET\t/ HTTP/1.1\r\n\r\n"),
                broken(Defect.METHOD, "G\u00c4T / HTTP/1.1\r\n\r\n"),
                broken(Defect.METHOD, "GET\r\n\r\n"),
                broken(Defect.METHOD, "GET\n"),
                broken(Defect.METHOD, "G(T / HTTP/1.1\r\n\r\n"),
                broken(Defect.METHOD, "A23456789012345678901234567890123 / HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET  / HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET /a\tHTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET /\r\n\r\n"),
                broken(Defect.TARGET, "GET /a\0b HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET /#fragment HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET /\u00e4 HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET /\u007f HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET path HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET * HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "OPTIONS ** HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET a.example:80 HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET http:// HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET http:///p HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET http://?q HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET http://u@a.example/ HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET http://a:99999/ HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET https://a.example/ HTTP/1.1\r\n\r\n"),
                broken(Defect.TARGET, "GET ftp://a.example/ HTTP/1.1\r\n\r\n"),
                broken(Defect.VERSION, "GET / HTTP/1.2\r\n\r\n"),
                broken(Defect.VERSION, "GET / HTTP/2.0\r\n\r\n"),
                broken(Defect.VERSION, "GET / HTTP/0.9\r\n\r\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.1\nHost: a\n\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.1 \r\n\r\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.10\r\n\r\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                broken(Defect.LINE_END, "GET / HTTP/1.1\r\nHost: a\r\n\rX"),
                broken(Defect.FIELD_NAME, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
                broken(Defect.FIELD_NAME, "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n"),
                broken(Defect.FIELD_NAME, "GET / HTTP/1.1\r\n: a\r\n\r\n"),
                broken(Defect.FIELD_NAME, "GET / HTTP/1.1\r\nHost\r\n\r\n"),
                broken(Defect.FIELD_NAME, "GET / HTTP/1.1\r\nH\0st: a\r\n\r\n"),
                broken(Defect.FIELD_NAME, "GET / HTTP/1.1\r\nH\u00f6st: a\r\n\r\n"),
                broken(Defect.FIELD_NAME, "GET / HTTP/1.1\r\n\"Host\": a\r\n\r\n"),
                broken(Defect.FIELD_VALUE, "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"),
                broken(Defect.FIELD_VALUE, "GET / HTTP/1.1\r\nX: a\u007fb\r\n\r\n"),
                broken(Defect.FIELD_VALUE, "GET / HTTP/1.1\r\nX: a\u000bb\r\n\r\n"),
                broken(Defect.FIELD_VALUE, "GET / HTTP/1.1\r\nX:\u001b\r\n\r\n"),
                broken(Defect.FOLDED_LINE, "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n"),
                broken(Defect.FOLDED_LINE, "GET / HTTP/1.1\r\nX: a\r\n\tb\r\n\r\n"),
                broken(Defect.FOLDED_LINE, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"));
    }

    static List<Sample> legalResponses() {
        return List.of(
                legal("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
                legal("HTTP/1.0 200 OK\r\n\r\n"),
                legal("HTTP/1.1 200\r\n\r\n"),
                legal("HTTP/1.1 200 \r\n\r\n"),
                legal("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
                legal("HTTP/1.1 599 \t odd \u00e4\u00ff\r\nX: y\r\n\r\n"),
                legal("HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: a=b; Path=/\r\n\r\n"),
                legal("HTTP/1.1 200 " + "r".repeat(512) + "\r\n\r\n"));
    }

    static List<Sample> brokenResponses() {
        return List.of(
                unfinished("HTTP"),
                unfinished("HTTP/1.1 20"),
                unfinished("HTTP/1.1 200"),
                unfinished("HTTP/1.1 200 O"),
                unfinished("HTTP/1.1 200 OK\r"),
                unfinished("HTTP/1.1 200 OK\r\n"),
                broken(Defect.STATUS_LINE, "\r\nHTTP/1.1 200 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "http/1.1 200 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "ICY 200 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1  200 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 20 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 2000 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 099 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 600 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 +20 OK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 200\tOK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 200 O\0K\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 200 O\u007fK\r\n\r\n"),
                broken(Defect.STATUS_LINE, "HTTP/1.1 200 " + "r".repeat(513) + "\r\n\r\n"),
                broken(Defect.VERSION, "HTTP/2.0 200 OK\r\n\r\n"),
                broken(Defect.VERSION, "HTTP/1.2 200 OK\r\n\r\n"),
                broken(Defect.LINE_END, "HTTP/1.1 200 OK\nX: y\n\n"),
                broken(Defect.LINE_END, "HTTP/1.1 200 OK\rX: y\r\n\r\n"),
                broken(Defect.LINE_END, "HTTP/1.1 200 OK\r\nX: y\n\r\n"),
                broken(Defect.FIELD_NAME, "HTTP/1.1 200 OK\r\nX : y\r\n\r\n"),
                broken(Defect.FIELD_VALUE, "HTTP/1.1 200 OK\r\nX: \0\r\n\r\n"),
                broken(Defect.FOLDED_LINE, "HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n"));
    }
}
