package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.config.NodeAddress;
import io.weir.event.EventTag;
import io.weir.pool.Admin;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView.Entry;
import io.weir.rule.RuleOutcome;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Functions {@code pool.*}. */
public final class PoolFunctions {

    /** The pool that cuts the connection. */
    private static final String DISCARD = "discard";

    private static final int MAX_PORT = 65_535;

    private final CurrentRun run;
    private final Egress egress;

    PoolFunctions(CurrentRun run, Egress egress) {
        this.run = run;
        this.egress = egress;
    }

    @RuleFunction(ends = true)
    public void use(@Nullable String name) {
        over(chosen(orEmpty(name)));
    }

    @RuleFunction(
            value =
                    "Sends the request to a pool and ends the rules of the list. With host and port"
                            + " to that node of it and no other; or, with the settings of the pool,"
                            + " to an address that is no node of it and lies within egress.",
            ends = true)
    public void use(@Nullable String name, @Nullable String host, int port) {
        over(chosen(orEmpty(name), orEmpty(host), port));
    }

    private void over(boolean kept) {
        run.over(kept ? RuleOutcome.STOP : RuleOutcome.DISCARD);
    }

    @RuleFunction
    public void select(@Nullable String name) {
        goOn(chosen(orEmpty(name)));
    }

    @RuleFunction(
            "Sends the request to a pool; the rules go on. The pool discard cuts the connection."
                    + " Host and port as for pool.use.")
    public void select(@Nullable String name, @Nullable String host, int port) {
        goOn(chosen(orEmpty(name), orEmpty(host), port));
    }

    private void goOn(boolean kept) {
        if (!kept) {
            run.finish(RuleOutcome.DISCARD);
        }
    }

    /** Chooses a pool, where there is one; false for the one that discards. */
    private boolean chosen(String name) {
        Pool pool = pool(name);
        if (pool != null) {
            run.side().pool(pool);
            run.counts().selected();
        }
        return !name.equals(DISCARD);
    }

    /** The same, of which one node alone will do. */
    private boolean chosen(String name, String host, int port) {
        Pool pool = pool(name);
        if (pool != null) {
            run.side().pool(pool, node(pool, host, port));
            run.counts().selected();
        }
        return !name.equals(DISCARD);
    }

    /** The pool of that name; null for the one that discards and, after an event, for no pool. */
    private @Nullable Pool pool(String name) {
        if (name.equals(DISCARD)) {
            return null;
        }
        Pool pool = run.world().pool(name);
        if (pool == null) {
            run.event(
                    EventTag.POOLUSEUNKNOWN,
                    "rule " + run.rule() + " chose the pool '" + name + "', which is not there");
        }
        return pool;
    }

    /** As pools know hosts: in lower case, and an address without brackets. */
    private static String host(String written) {
        String host = written.toLowerCase(Locale.ROOT);
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    private PoolNode node(Pool pool, String host, int port) {
        if (port < 1 || port > MAX_PORT) {
            throw new RuleErrorException(port + " is no port, expected 1 to " + MAX_PORT);
        }
        PoolNode known = pool.node(new NodeAddress(host(host), port));
        if (known != null) {
            return known;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(host(host));
            egress.check(address, port);
            return pool.outsider(new InetSocketAddress(address, port));
        } catch (IllegalArgumentException e) {
            throw new RuleErrorException(
                    "'"
                            + host
                            + ":"
                            + port
                            + "' is neither a node of pool "
                            + pool.name()
                            + " nor an address; net.dns.resolveHost finds the address of a name");
        } catch (IOException e) {
            throw new RuleErrorException(String.valueOf(e.getMessage()));
        }
    }

    private List<String> nodes(@Nullable String name, Predicate<Entry> which) {
        Pool pool = run.world().pool(orEmpty(name));
        if (pool == null) {
            run.side();
            return List.of();
        }
        return pool.view().entries().stream()
                .filter(which)
                .map(entry -> entry.node().address().toString())
                .toList();
    }

    private static boolean active(Entry e) {
        return e.status().admin() == Admin.ACTIVE && e.status().health().usable();
    }

    private static boolean failed(Entry e) {
        return e.status().admin() != Admin.DISABLED && !e.status().health().usable();
    }

    private static boolean is(Entry e, Admin admin) {
        return e.status().admin() == admin;
    }

    @RuleFunction("How many nodes of the pool are in use.")
    public int activenodes(@Nullable String pool) {
        return nodes(pool, PoolFunctions::active).size();
    }

    @RuleFunction("How many nodes of the pool are disabled.")
    public int disablednodes(@Nullable String pool) {
        return nodes(pool, e -> is(e, Admin.DISABLED)).size();
    }

    @RuleFunction("How many nodes of the pool are draining.")
    public int drainingnodes(@Nullable String pool) {
        return nodes(pool, e -> is(e, Admin.DRAINING)).size();
    }

    @RuleFunction("How many nodes of the pool have failed.")
    public int failednodes(@Nullable String pool) {
        return nodes(pool, PoolFunctions::failed).size();
    }

    @RuleFunction("The nodes of the pool that are in use.")
    public List<String> listactivenodes(@Nullable String pool) {
        return nodes(pool, PoolFunctions::active);
    }

    @RuleFunction("All nodes of the pool.")
    public List<String> listallnodes(@Nullable String pool) {
        return nodes(pool, e -> true);
    }

    @RuleFunction("The nodes of the pool that are disabled.")
    public List<String> listdisablednodes(@Nullable String pool) {
        return nodes(pool, e -> is(e, Admin.DISABLED));
    }

    @RuleFunction("The nodes of the pool that are draining.")
    public List<String> listdrainingnodes(@Nullable String pool) {
        return nodes(pool, e -> is(e, Admin.DRAINING));
    }

    @RuleFunction("The nodes of the pool that have failed.")
    public List<String> listfailednodes(@Nullable String pool) {
        return nodes(pool, PoolFunctions::failed);
    }

    @RuleFunction("ACTIVE, DRAINING, DISABLED, DEAD, NOTINPOOL or NOSUCHPOOL.")
    public String checknode(@Nullable String pool, @Nullable String host, Any port) {
        Pool known = run.world().pool(orEmpty(pool));
        if (known == null) {
            return "NOSUCHPOOL";
        }
        String node = host(orEmpty(host));
        long number = Numbers.whole(port.value());
        for (Entry e : known.view().entries()) {
            NodeAddress address = e.node().address();
            if (address.port() == number && address.host().equals(node)) {
                return failed(e) ? "DEAD" : e.status().admin().name();
            }
        }
        return "NOTINPOOL";
    }
}
