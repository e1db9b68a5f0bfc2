package io.weir.persist;

import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.WeirExtension;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application on one node that begins a session, in the way of its {@link Kind}, with every
 * request that names none of its own. Safe for every thread.
 */
final class Application {

    private final Kind kind;
    private final String name;
    private final FakeNode node;
    private final AtomicInteger begun = new AtomicInteger();
    private final List<String> sessions = new CopyOnWriteArrayList<>();

    private Application(Kind kind, String name, WeirExtension weir) {
        this.kind = kind;
        this.name = name;
        this.node = weir.node(name, Behaviour.answering(this::answer));
    }

    static Application start(Kind kind, String name, WeirExtension weir) {
        return new Application(kind, name, weir);
    }

    FakeNode node() {
        return node;
    }

    String name() {
        return name;
    }

    /** Sessions that began here. */
    int begun() {
        return begun.get();
    }

    private byte[] answer(ReceivedRequest request) {
        if (known(request) || kind == Kind.ADDRESS || kind == Kind.TRANSPARENT) {
            return response("200 OK", "");
        }
        String session =
                kind == Kind.BACKEND_COOKIE
                        ? node.address()
                        : name + "x" + begun.incrementAndGet() + "x".repeat(20);
        sessions.add(session);
        if (kind == Kind.ASP_COOKIELESS) {
            return response("302 Found", "Location: /(S(" + session + "))" + "/\r\n");
        }
        return response(
                "200 OK",
                "Set-Cookie: "
                        + kind.cookie
                        + "="
                        + session
                        + "; Path=/\r\nX-Session: "
                        + session
                        + "\r\n");
    }

    private boolean known(ReceivedRequest request) {
        String all = request.target() + " " + request.fields().all();
        return sessions.stream().anyMatch(all::contains);
    }

    private byte[] response(String status, String fields) {
        return ("HTTP/1.1 "
                        + status
                        + "\r\nContent-Length: 2\r\nX-Node: "
                        + name
                        + "\r\n"
                        + fields
                        + "\r\nok")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
