import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A service as simple as can be: it says its name, more slowly when it is told to. One that is
 * called "Too Busy" asks clients to come back later.
 */
final class Node {

    private static volatile long delay;
    private static volatile boolean busy;

    private Node() {}

    /** Arguments: its name, and the port to listen on; 0 for any. */
    public static void main(String[] arguments) throws IOException {
        byte[] name = arguments[0].getBytes(StandardCharsets.UTF_8);
        int port = Integer.parseInt(arguments[1]);
        busy = arguments[0].equals("Too Busy");
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, name, delay));
        server.createContext("/alive", exchange -> answer(exchange, name, 0));
        server.createContext(
                "/delay/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    delay = Long.parseLong(path.substring("/delay/".length()));
                    answer(exchange, name, 0);
                });
        server.start();
        System.out.println("port " + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange, byte[] name, long millis) throws IOException {
        try (exchange) {
            Thread.sleep(millis);
            if (busy) {
                exchange.getResponseHeaders().set("Retry-After", "10");
            }
            exchange.sendResponseHeaders(busy ? 503 : 200, name.length);
            exchange.getResponseBody().write(name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
