package io.weir.pool;

import io.weir.event.EventBus;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Finds the addresses of node names and follows their changes. Safe for every thread. */
public interface NodeNames {

    /**
     * Looks {@code host} up now and again until the result is closed. {@code listener} is called
     * for the first finding, perhaps before this returns, then at every change and every failure
     * that follows a success.
     *
     * @param host a name, never an address
     */
    EventBus.Subscription follow(String host, Listener listener);

    /**
     * Waits until every followed name has been looked up once, well or badly.
     *
     * @return false if that took longer than {@code atMost}
     */
    boolean settle(Duration atMost) throws InterruptedException;

    /** Hears what became of one name; called on any thread and must not block. */
    interface Listener {

        /**
         * The name has these addresses now.
         *
         * @param addresses at least one, the preferred address family first
         */
        void found(List<InetAddress> addresses);

        /**
         * A look-up has failed; what was found before still holds.
         *
         * @param why in words
         */
        void notFound(String why);
    }

    /** Names with addresses that never change; any other name is not found. */
    static NodeNames of(Map<String, List<InetAddress>> table) {
        Map<String, List<InetAddress>> fixed = Map.copyOf(table);
        return new NodeNames() {
            @Override
            public EventBus.Subscription follow(String host, Listener listener) {
                List<InetAddress> found = fixed.get(host);
                if (found == null || found.isEmpty()) {
                    listener.notFound("name " + host + " is not in the table");
                } else {
                    listener.found(found);
                }
                return () -> {};
            }

            @Override
            public boolean settle(Duration atMost) {
                return true;
            }
        };
    }
}
