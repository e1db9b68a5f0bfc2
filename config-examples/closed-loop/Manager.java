import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A utility manager: it owns machines, hears from Weir by the callback of the WSDL AlertCallback,
 * and steers it by the WSDL Pool. A machine whose service has failed is restarted; one that is too
 * slow is drained, moved and put to use again. Safe for every thread.
 */
final class Manager implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(250);

    private final Machines machines;
    private final String pool;
    private final Consumer<String> diary;
    private final HttpServer server;
    private final Set<String> away = ConcurrentHashMap.newKeySet();
    private final List<Heard> heard = new ArrayList<>();
    private volatile Soap weir;
    private volatile long drained;
    private volatile long idle;
    private volatile long undrained;
    private final Times times;
    private volatile boolean repairs = true;

    /**
     * Listens for callbacks.
     *
     * @param pool the pool whose nodes the machines are
     * @param diary is told what is heard and done
     */
    Manager(Machines machines, String pool, Times times, Consumer<String> diary)
            throws IOException {
        this.times = times;
        this.machines = machines;
        this.pool = pool;
        this.diary = diary;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/callback", this::called);
        server.start();
    }

    /** Where Weir is to call. */
    URI callback() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/callback");
    }

    /** Steers this Weir from now on. */
    void connect(Soap soap) {
        weir = soap;
    }

    /** Lets lie what fails, from now on. */
    void repairNothing() {
        repairs = false;
    }

    // ---- what Weir says

    private void called(HttpExchange exchange) throws IOException {
        try (exchange) {
            Element envelope =
                    Soap.xml(exchange.getRequestBody().readAllBytes()).getDocumentElement();
            String tag = first(envelope, "primary_tag");
            List<String> nodes = new ArrayList<>();
            NodeList items = envelope.getElementsByTagName("Item");
            for (int i = 0; i < items.getLength(); i++) {
                if (items.item(i) instanceof Element object
                        && first(object, "type").equals("nodes")) {
                    nodes.add(first(object, "name"));
                }
            }
            diary.accept("heard  " + tag + "  " + first(envelope, "description"));
            synchronized (heard) {
                heard.add(new Heard(tag, nodes, System.nanoTime()));
                heard.notifyAll();
            }
            exchange.sendResponseHeaders(204, -1);
            // Weir is not kept waiting for what is done about it.
            Thread.ofVirtual().start(() -> act(tag, nodes));
        }
    }

    private static String first(Element in, String name) {
        NodeList found = in.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    /**
     * An event that Weir has told of.
     *
     * @param nodes among its objects
     * @param at when it was heard, as {@link System#nanoTime} has it
     */
    record Heard(String tag, List<String> nodes, long at) {}

    /**
     * Waits until an event with this tag has been heard after the first {@code since} ones.
     *
     * @return null when it has not been heard in time
     */
    Heard await(String tag, int since, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (heard) {
            while (true) {
                for (Heard each : heard.subList(Math.min(since, heard.size()), heard.size())) {
                    if (each.tag.equals(tag)) {
                        return each;
                    }
                }
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    diary.accept("WAITS in vain for " + tag);
                    return null;
                }
                heard.wait(left);
            }
        }
    }

    /** How many events have been heard. */
    int heard() {
        synchronized (heard) {
            return heard.size();
        }
    }

    // ---- what it does

    private void act(String tag, List<String> nodes) {
        try {
            String node = nodes.isEmpty() ? "" : nodes.getFirst();
            if (tag.equals("pools_nodefail") && repairs && away.add(node)) {
                repair(node);
            } else if (tag.equals("slm_slmfallenbelowserious") && away.add(node)) {
                move(node);
            }
        } catch (IOException e) {
            diary.accept("FAILED  " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repair(String node) throws IOException, InterruptedException {
        String machine = machines.at(node);
        diary.accept("does   restart " + machine + " from its last good snapshot");
        Thread.sleep(times.repair());
        machines.kill(machine);
        machines.start(machine);
        away.remove(node);
    }

    /** Drains a node, moves its machine once it is idle, and puts it to use again. */
    void move(String node) throws IOException, InterruptedException {
        away.add(node);
        String machine = machines.at(node);
        drain(List.of(node));
        drained = System.nanoTime();
        awaitIdle(List.of(node), Duration.ofSeconds(3));
        idle = System.nanoTime();
        diary.accept("does   move " + machine + " to another host");
        machines.kill(machine);
        Thread.sleep(times.move());
        machines.start(machine);
        undrain(List.of(node));
        undrained = System.nanoTime();
        away.remove(node);
    }

    /** When the last move had drained its node, as {@link System#nanoTime} has it. */
    long drained() {
        return drained;
    }

    /** When it had seen the node idle. */
    long idle() {
        return idle;
    }

    /** When it had ended the drain; 0 for not yet. */
    long undrained() {
        return undrained;
    }

    /** Lets nodes have no new sessions. */
    void drain(List<String> nodes) throws IOException, InterruptedException {
        diary.accept("does   addDrainingNodes " + nodes);
        weir.pool("addDrainingNodes", List.of(pool), List.of(nodes));
    }

    /** Ends the drain of nodes. */
    void undrain(List<String> nodes) throws IOException, InterruptedException {
        diary.accept("does   removeDrainingNodes " + nodes);
        weir.pool("removeDrainingNodes", List.of(pool), List.of(nodes));
    }

    /** Puts disabled nodes to use. */
    void enable(List<String> nodes) throws IOException, InterruptedException {
        diary.accept("does   enableNodes " + nodes);
        weir.pool("enableNodes", List.of(pool), List.of(nodes));
    }

    /** Takes nodes out of use. */
    void disable(List<String> nodes) throws IOException, InterruptedException {
        diary.accept("does   disableNodes " + nodes);
        weir.pool("disableNodes", List.of(pool), List.of(nodes));
    }

    /** Waits until nodes have no connections, and have had nothing to do for some time. */
    void awaitIdle(List<String> nodes, Duration idle) throws IOException, InterruptedException {
        String told = "";
        while (true) {
            List<String> connections = weir.pool("getNodesConnectionCounts", nodes);
            List<String> used = weir.pool("getNodesLastUsed", nodes);
            boolean quiet =
                    connections.stream().allMatch(n -> n.equals("0"))
                            && used.stream().allMatch(s -> Long.parseLong(s) >= idle.toSeconds());
            if (!connections.toString().equals(told)) {
                told = connections.toString();
                diary.accept("sees   connections " + told + ", last used " + used + " s ago");
            }
            if (quiet) {
                diary.accept("sees   idle: " + nodes);
                return;
            }
            Thread.sleep(LOOK);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
