package io.weir.persist;

import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A client that keeps cookies and the session in its URLs, as its {@link Kind} asks for. */
final class Browser implements AutoCloseable {

    private final Kind kind;
    private final String address;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String base = "/";
    private String suffix = "";
    private int port;
    private RawClient client;

    /**
     * @param number tells browsers apart; each has an address of its own
     */
    Browser(Kind kind, int number, int port) {
        this.kind = kind;
        this.address = "127.0." + (1 + number / 200) + "." + (1 + number % 200);
        this.port = port;
        this.client = RawClient.to(port, address);
    }

    /** The cookies it keeps. */
    Map<String, String> cookies() {
        return cookies;
    }

    /** Closes the connection and goes on with another one, perhaps to another Weir. */
    Browser reconnect(int toPort) {
        client.close();
        port = toPort;
        client = RawClient.to(port, address);
        return this;
    }

    Browser reconnect() {
        return reconnect(port);
    }

    /** The answer to a request for {@code path}, which begins without a slash. */
    ReceivedResponse get(String path) {
        String jar =
                cookies.isEmpty()
                        ? ""
                        : cookies.entrySet().stream()
                                .map(c -> c.getKey() + "=" + c.getValue())
                                .collect(Collectors.joining("; ", "Cookie: ", "\r\n"));
        ReceivedResponse response =
                client.exchange(
                        "GET "
                                + base
                                + path
                                + suffix
                                + " HTTP/1.1\r\nHost: w.test\r\n"
                                + jar
                                + "\r\n");
        response.fields().values("Set-Cookie").forEach(this::keep);
        if (kind == Kind.ASP_COOKIELESS && response.field("Location").startsWith("/(S(")) {
            base = response.field("Location");
        }
        if (kind == Kind.J2EE_URL && !response.field("X-Session").isEmpty()) {
            suffix = ";jsessionid=" + response.field("X-Session") + "?q=1";
        }
        return response;
    }

    private void keep(String cookie) {
        if (kind.keepsCookies()) {
            String pair = cookie.split(";", 2)[0];
            String name = pair.substring(0, pair.indexOf('='));
            if (cookie.contains("Max-Age=0")) {
                cookies.remove(name);
            } else {
                cookies.put(name, pair.substring(pair.indexOf('=') + 1));
            }
        }
    }

    /** The name of the node that answers. */
    String node() {
        return get("page").field("X-Node");
    }

    boolean closedByWeir() {
        return client.closedByPeer();
    }

    @Override
    public void close() {
        client.close();
    }
}
