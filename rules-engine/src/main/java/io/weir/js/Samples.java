package io.weir.js;

import io.weir.rule.RulePlace;
import io.weir.rule.RuleState;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Exchanges as they come every day, to warm rules with. */
final class Samples {

    private static final List<String> REQUESTS =
            List.of(
                    """
                    "url": "/shop/items?id=42&lang=en", "client": "198.51.100.7:50123", "headers": {
                      "Host": "www.example.com", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
                      "Accept": "text/html,*/*;q=0.8", "Accept-Language": "en-GB,en;q=0.5",
                      "Accept-Encoding": "gzip, deflate, br", "Referer": "https://www.example.com/",
                      "Cookie": "session=8f14e45fceea167a; theme=dark"}
                    """,
                    """
                    "method": "POST", "url": "/login", "headers": {"Host": "shop.example.com:8080",
                      "Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic YW5uYTpzZWNyZXQ="},
                    "body": "user=anna&password=secret&next=%2Fshop"
                    """,
                    """
                    "method": "POST", "url": "/services/orders", "secure": true, "headers": {
                      "Host": "api.example.com", "Content-Type": "text/xml; charset=utf-8", "SOAPAction": "urn:order"},
                    "body": "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><order xmlns='urn:o'>\
                    <line item='1' price='19.5'/></order></s:Body></s:Envelope>"
                    """);

    private static final List<String> RESPONSES =
            List.of(
                    """
                    "node": "192.0.2.1:80", "response": {"status": 200, "headers": {"Server": "Apache", "Content-Type":
                      "text/html; charset=utf-8", "Set-Cookie": "session=8f14e45fceea167a; path=/", "ETag": "\\"a1\\""},
                      "body": "<html><head><title>Items</title></head><body><a href='/shop'>Shop</a></body></html>"}
                    """,
                    """
                    "node": "192.0.2.1:80", "response": {"status": 404, "reason": "Not Found",
                      "headers": {"Content-Type": "text/plain"}, "body": "There is no such page."}
                    """,
                    """
                    "node": "192.0.2.1:80", "response": {"status": 302, "reason": "Found", "headers": {
                      "Location": "http://192.0.2.1/login", "Content-Type": "application/json"}, "body": "{}"}
                    """);

    /** What the client of a service says first, and its node: remote desktop, mail, and a line. */
    private static final List<List<String>> CARRIED =
            List.of(
                    List.of(
                            "\\u0003\\u0000\\u0000\\u002b&\\u00e0\\u0000\\u0000\\u0000\\u0000\\u0000Cookie:"
                                + " mstshash=anna\\r"
                                + "\\n"
                                + "\\u0001\\u0000\\u0008\\u0000\\u0003\\u0000\\u0000\\u0000",
                            "\\u0003\\u0000\\u0000\\u0013\\u000e\\u00d0\\u0000\\u0000\\u0012\\u0034\\u0000"
                                + "\\u0002\\u0000\\u0008\\u0000\\u0002\\u0000\\u0000\\u0000"),
                    List.of("EHLO client.example.com\\r\\n", "220 mail.example.com ESMTP\\r\\n"),
                    List.of("hello world, this is a line\\r\\n", "200 good day\\r\\n"));

    private Samples() {}

    /** A few exchanges for a rule that stands there. */
    static List<Described> of(RulePlace place) {
        String state = place.state().name().toLowerCase(Locale.ROOT);
        return IntStream.range(0, REQUESTS.size())
                .mapToObj(i -> "{\"state\": \"" + state + "\", " + sample(place, i) + "}")
                .map(Described::parse)
                .toList();
    }

    private static String sample(RulePlace place, int i) {
        boolean answered = place.state() != RuleState.REQUEST;
        if (place.http()) {
            return REQUESTS.get(i) + (answered ? ", " + RESPONSES.get(i) : "");
        }
        List<String> both = CARRIED.get(i);
        return "\"bytes\": \""
                + both.getFirst()
                + "\""
                + (answered ? ", \"reply\": \"" + both.getLast() + "\"" : "");
    }
}
