package io.weir.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text of a configuration with one virtual server called {@code web} on a free loopback port
 * and its pool, also called {@code web}; no admin server, no metrics. Immutable; every method
 * returns a changed copy.
 */
public final class ConfigText {

    private final List<String> global;
    private final List<String> virtualServer;
    private final List<String> pool;
    private final List<String> more;
    private final String listen;

    private ConfigText(
            List<String> global,
            List<String> virtualServer,
            List<String> pool,
            List<String> more,
            String listen) {
        this.global = global;
        this.virtualServer = virtualServer;
        this.pool = pool;
        this.more = more;
        this.listen = listen;
    }

    /** A virtual server in front of {@code nodes}. */
    public static ConfigText of(FakeNode... nodes) {
        return ofNodes(Arrays.stream(nodes).map(FakeNode::address).toArray(String[]::new));
    }

    /** A virtual server in front of nodes given as {@code host:port}. */
    public static ConfigText ofNodes(String... nodes) {
        String list = Arrays.stream(nodes).collect(Collectors.joining(", ", "nodes: [", "]"));
        return new ConfigText(List.of(), List.of(), List.of(list), List.of(), "127.0.0.1:0");
    }

    /** With further global lines, such as {@code event-loops: 1}. */
    public ConfigText global(String... lines) {
        return new ConfigText(plus(global, lines), virtualServer, pool, more, listen);
    }

    /** With further lines for the virtual server, such as {@code timeout: 1s}. */
    public ConfigText virtualServer(String... lines) {
        return new ConfigText(global, plus(virtualServer, lines), pool, more, listen);
    }

    /** With further lines for the pool, such as {@code max-reply-time: 1s}. */
    public ConfigText pool(String... lines) {
        return new ConfigText(global, virtualServer, plus(pool, lines), more, listen);
    }

    /** With a further pool. */
    public ConfigText anotherPool(String name, String... lines) {
        List<String> text = new ArrayList<>(List.of("  " + name + ":"));
        Arrays.stream(lines).map(line -> "    " + line).forEach(text::add);
        return new ConfigText(
                global, virtualServer, pool, plus(more, text.toArray(new String[0])), listen);
    }

    /** Listening on {@code address} instead of a free port. */
    public ConfigText listen(String address) {
        return new ConfigText(global, virtualServer, pool, more, address);
    }

    /** The YAML text. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("global:\n  admin: off\n  metrics: off\n");
        global.forEach(line -> text.append("  ").append(line).append('\n'));
        text.append("virtual-servers:\n  web:\n    listen: ").append(listen).append('\n');
        text.append("    pool: web\n");
        virtualServer.forEach(line -> text.append("    ").append(line).append('\n'));
        text.append("pools:\n  web:\n");
        pool.forEach(line -> text.append("    ").append(line).append('\n'));
        more.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static List<String> plus(List<String> lines, String... further) {
        List<String> all = new ArrayList<>(lines);
        all.addAll(List.of(further));
        return List.copyOf(all);
    }
}
