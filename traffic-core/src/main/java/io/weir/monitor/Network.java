package io.weir.monitor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * What checks ask about the network, apart from sockets. Safe for every thread; callers block no
 * longer than they say.
 */
public interface Network {

    /**
     * Looks a name up.
     *
     * @param name never an address
     * @return at least one address
     */
    List<InetAddress> addresses(String name, Duration within)
            throws UnknownHostException, TimeoutException, InterruptedException;

    /** Whether this process may send ICMP echo requests. */
    boolean mayEcho();

    /** Whether {@code address} answered an ICMP echo request in time. */
    boolean echo(InetAddress address, Duration within) throws InterruptedException;

    /**
     * The network as the operating system and the JDK know it.
     *
     * @param threads runs the calls that block in the operating system. These must be platform
     *     threads, because such a call holds the carrier of a virtual thread, and as many as are
     *     asked for: one for each name being looked up and one for each echo under way
     */
    static Network system(Executor threads) {
        return new SystemNetwork(threads);
    }
}
