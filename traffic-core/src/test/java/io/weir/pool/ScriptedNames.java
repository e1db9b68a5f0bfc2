package io.weir.pool;

import io.weir.event.EventBus;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Names whose addresses a test says. */
final class ScriptedNames implements NodeNames {

    private final Map<String, List<Listener>> listeners = new HashMap<>();
    private final Map<String, List<InetAddress>> known = new HashMap<>();

    /** Says that {@code host} has these addresses from now on. */
    void found(String host, String... addresses) {
        List<InetAddress> list = Stream.of(addresses).map(InetAddress::ofLiteral).toList();
        known.put(host, list);
        listeners.getOrDefault(host, List.of()).forEach(l -> l.found(list));
    }

    void notFound(String host, String why) {
        listeners.getOrDefault(host, List.of()).forEach(l -> l.notFound(why));
    }

    /** How many follow {@code host}. */
    int followers(String host) {
        return listeners.getOrDefault(host, List.of()).size();
    }

    @Override
    public EventBus.Subscription follow(String host, Listener listener) {
        listeners.computeIfAbsent(host, h -> new ArrayList<>()).add(listener);
        List<InetAddress> list = known.get(host);
        if (list != null) {
            listener.found(list);
        }
        return () -> listeners.getOrDefault(host, new ArrayList<>()).remove(listener);
    }

    @Override
    public boolean settle(Duration atMost) {
        return true;
    }
}
