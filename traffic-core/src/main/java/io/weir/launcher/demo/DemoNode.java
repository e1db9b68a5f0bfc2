package io.weir.launcher.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A small HTTP server on a port of 127.0.0.1 that says who it is: a node to try Weir with. It also
 * answers slowly ({@code /slow?ms=500}), with any status ({@code /status/503}) or length ({@code
 * /bytes/100000}), and dies for a while when told to at its own address ({@code POST /kill}). Each
 * connection has a virtual thread. Safe for every thread.
 */
public final class DemoNode implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 2000;
    private static final int MAX_SLOW_MILLIS = 60_000;
    private static final int MAX_BYTES = 1 << 20;

    private final String name;
    private final Duration deadTime;
    private final int port;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();

    private volatile ServerSocket server;
    private volatile boolean closed;

    private DemoNode(String name, Duration deadTime) throws IOException {
        this.name = name;
        this.deadTime = deadTime;
        this.server = listen(0);
        this.port = server.getLocalPort();
    }

    /**
     * Starts a node.
     *
     * @param deadTime how long it is dead after it was killed
     */
    public static DemoNode start(String name, Duration deadTime) throws IOException {
        DemoNode node = new DemoNode(name, deadTime);
        Thread.ofVirtual().name("demo-" + name).start(node::live);
        return node;
    }

    /** Who it says it is. */
    public String name() {
        return name;
    }

    /** Where it listens: {@code 127.0.0.1:40001}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** How many requests it has answered. */
    public long requests() {
        return requests.get();
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 512, InetAddress.ofLiteral("127.0.0.1"));
    }

    private void live() {
        while (!closed) {
            ServerSocket present = server;
            try {
                accept(present.accept());
            } catch (IOException e) {
                if (!closed) {
                    rise(present);
                }
            }
        }
    }

    /** Comes back after having been killed. */
    private void rise(ServerSocket dead) {
        try {
            Thread.sleep(dead.isClosed() ? deadTime : Duration.ofMillis(100));
            if (dead.isClosed() && !closed) {
                server = listen(port);
            }
        } catch (IOException e) {
            // Somebody else has the port for now; the next round tries again.
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void accept(Socket socket) throws IOException {
        if (connections.size() >= MAX_CONNECTIONS) {
            socket.close();
            return;
        }
        connections.add(socket);
        Thread.ofVirtual().name("demo-connection").start(() -> serve(socket));
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 8192);
            OutputStream out = socket.getOutputStream();
            boolean goOn = true;
            while (goOn) {
                DemoRequest request = DemoRequest.read(in, out);
                if (request == null) {
                    return;
                }
                goOn = answer(request, out);
            }
        } catch (IOException e) {
            // The peer has gone, or this node was killed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(socket);
        }
    }

    /** Answers; false when the connection ends. */
    private boolean answer(DemoRequest request, OutputStream out)
            throws IOException, InterruptedException {
        long count = requests.incrementAndGet();
        String path = request.path();
        if (path.equals("/health")) {
            return send(request, out, 200, "text/plain", name + " is well\n");
        }
        if (path.equals("/kill")) {
            return kill(request, out);
        }
        if (path.startsWith("/status/") && path.substring(8).matches("[2-5][0-9][0-9]")) {
            int status = Integer.parseInt(path.substring(8));
            return send(request, out, status, "text/plain", name + " answers " + status + "\n");
        }
        if (path.matches("/bytes/[0-9]{1,7}")) {
            int length = Math.min(MAX_BYTES, Integer.parseInt(path.substring(7)));
            return send(request, out, 200, "text/plain", "x".repeat(length));
        }
        if (path.equals("/slow")) {
            Thread.sleep(Math.clamp(request.query("ms", 1000), 0, MAX_SLOW_MILLIS));
        }
        return request.wantsHtml()
                ? send(request, out, 200, "text/html; charset=utf-8", html(request, count))
                : send(request, out, 200, "text/plain; charset=utf-8", text(request, count));
    }

    private boolean kill(DemoRequest request, OutputStream out) throws IOException {
        if (request.cameThroughAProxy() || !request.method().equals("POST")) {
            return send(
                    request,
                    out,
                    403,
                    "text/plain",
                    "to kill " + name + ": curl -X POST http://" + address() + "/kill\n");
        }
        send(
                request,
                out,
                200,
                "text/plain",
                name + " is dead for " + deadTime.toSeconds() + " seconds\n");
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
        return false;
    }

    private String text(DemoRequest request, long count) {
        return name
                + " at "
                + address()
                + ": "
                + request.method()
                + " "
                + request.target()
                + (request.bodyLength() == 0 ? "" : " with " + request.bodyLength() + " bytes")
                + ", its request number "
                + count
                + "\n";
    }

    private String html(DemoRequest request, long count) {
        int hue = Math.floorMod(name.hashCode() * 47, 360);
        StringBuilder fields = new StringBuilder();
        request.fields()
                .forEach(
                        (field, value) ->
                                fields.append("<tr><th>")
                                        .append(escaped(field))
                                        .append("</th><td>")
                                        .append(escaped(value))
                                        .append("</td></tr>\n"));
        return """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>%1$s</title><style>
        body { font: 16px/1.5 system-ui, sans-serif; margin: 3em auto; max-width: 44em; padding: 0 1em }
        h1 { background: hsl(%2$d 60%% 40%%); border-radius: .4em; color: #fff; padding: .4em .6em }
        th { padding-right: 1em; text-align: left; vertical-align: top } td { overflow-wrap: anywhere }
        </style></head>
        <body>
        <h1>%1$s</h1>
        <p>This page comes from the node %1$s at %3$s; it is its request number %4$d.
        Load it again and see who answers.</p>
        <p>Others: <a href="/slow?ms=1000">slow</a>, <a href="/status/404">not found</a>,
        <a href="/status/503">unavailable</a>, <a href="/bytes/100000">large</a></p>
        <table>
        %5$s</table>
        </body>
        </html>
        """
                .formatted(escaped(name), hue, address(), count, fields);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private boolean send(
            DemoRequest request, OutputStream out, int status, String type, String text)
            throws IOException {
        boolean bodiless = status == 204 || status == 304;
        byte[] body = bodiless ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(256);
        head.append(String.format(Locale.ROOT, "HTTP/1.1 %d %s\r\n", status, reason(status)));
        head.append("Server: weir-demo\r\nX-Node: ").append(name).append("\r\n");
        if (!bodiless) {
            head.append("Content-Type: ").append(type).append("\r\n");
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append(request.keepsAlive() ? "\r\n" : "Connection: close\r\n\r\n");
        byte[] headBytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] sent = request.method().equals("HEAD") ? new byte[0] : body;
        byte[] all = new byte[headBytes.length + sent.length];
        System.arraycopy(headBytes, 0, all, 0, headBytes.length);
        System.arraycopy(sent, 0, all, headBytes.length, sent.length);
        out.write(all);
        return request.keepsAlive();
    }

    private static String reason(int status) {
        return switch (status / 100) {
            case 2 -> "OK";
            case 3 -> "Elsewhere";
            case 4 -> "Refused";
            default -> "Failed";
        };
    }

    /** Ends the node for good; closing twice is harmless. */
    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
