package io.weir.control;

import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells a configuration that takes away more than people usually take away at once, because a file
 * cut short at a harmless-looking place is valid too. What is renamed or moved is not taken away:
 * only more removals than additions count.
 */
final class ShrinkGuard {

    /** Fewer losses than this are an everyday change, whatever share they are. */
    private static final int EVERYDAY = 2;

    private ShrinkGuard() {}

    /** One clause for each kind of object that shrinks too much; empty when none does. */
    static List<String> losses(WeirConfig before, WeirConfig after) {
        List<String> losses = new ArrayList<>();
        Set<String> removed = minus(listeners(before), listeners(after));
        if (removed.size() > minus(listeners(after), listeners(before)).size()) {
            losses.add("removes " + name("listener", removed));
        }
        large(
                losses,
                "virtual server",
                before.virtualServers().keySet(),
                after.virtualServers().keySet());
        large(losses, "node", nodes(before), nodes(after));
        return losses;
    }

    private static void large(
            List<String> losses, String kind, Set<String> before, Set<String> after) {
        Set<String> removed = minus(before, after);
        int lost = removed.size() - minus(after, before).size();
        if (lost >= EVERYDAY && lost * 4 > before.size()) {
            losses.add(
                    String.format(
                            Locale.ROOT,
                            "removes %d of %d %ss (%s)",
                            removed.size(),
                            before.size(),
                            kind,
                            some(removed)));
        }
    }

    private static Set<String> minus(Set<String> some, Set<String> others) {
        Set<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    /** Also those of virtual servers that are not enabled: a cut file does not disable anything. */
    private static Set<String> listeners(WeirConfig config) {
        Set<String> listeners = new HashSet<>();
        for (VirtualServerConfig server : config.virtualServers().values()) {
            server.listen().forEach(l -> listeners.add(l.toString()));
        }
        return listeners;
    }

    private static Set<String> nodes(WeirConfig config) {
        Set<String> nodes = new HashSet<>();
        config.pools()
                .values()
                .forEach(p -> p.nodes().forEach(n -> nodes.add(n.address() + " in " + p.name())));
        return nodes;
    }

    private static String name(String kind, Set<String> names) {
        return (names.size() == 1 ? "the " + kind : names.size() + " " + kind + "s")
                + " "
                + some(names);
    }

    private static String some(Set<String> names) {
        String first = String.join(", ", names.stream().limit(3).toList());
        return names.size() > 3 ? first + ", …" : first;
    }
}
