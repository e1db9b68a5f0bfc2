package io.weir.benchmarks;

import java.nio.charset.StandardCharsets;

/** Request heads as clients send them. */
public enum Requests {
    /** What wrk sends, which is what the peer comparison measures with. */
    WRK(
            """
            GET /200 HTTP/1.1
            Host: 127.0.0.1:8080

            """),
    /** What a browser sends for a picture on a page: some 500 bytes. */
    BROWSER(
            """
            GET /shop/pictures/4711.jpg?width=640&format=webp HTTP/1.1
            Host: www.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5
            Accept-Language: en-GB,en;q=0.7,de;q=0.3
            Accept-Encoding: gzip, deflate, br
            Referer: http://www.example.com/shop/items/4711
            Cookie: session=5f3a9c0d1b7e4826; theme=dark
            Connection: keep-alive
            If-None-Match: "6502-1975"
            Priority: u=5, i

            """);

    private final String text;

    Requests(String text) {
        this.text = text.replace("\n", "\r\n");
    }

    /** The bytes on the wire. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
