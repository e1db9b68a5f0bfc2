package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.event.EventTag;
import io.weir.pool.Admin;
import io.weir.pool.Pool;
import io.weir.pool.PoolView.Entry;
import io.weir.rule.RuleOutcome;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Predicate;

/** Functions {@code pool.*}. */
public final class PoolFunctions {

    private final CurrentRun run;

    PoolFunctions(CurrentRun run) {
        this.run = run;
    }

    @RuleFunction(
            value = "Sends the request to a pool and ends the rules of the list.",
            ends = true)
    public void use(@Nullable String name) {
        run.over(chosen(orEmpty(name)) ? RuleOutcome.STOP : RuleOutcome.DISCARD);
    }

    @RuleFunction(
            "Sends the request to a pool; the rules go on. The pool discard cuts the connection.")
    public void select(@Nullable String name) {
        if (!chosen(orEmpty(name))) {
            run.finish(RuleOutcome.DISCARD);
        }
    }

    /** Chooses a pool, where there is one; false for the one that discards. */
    private boolean chosen(String name) {
        if (name.equals("discard")) {
            return false;
        }
        Pool pool = run.world().pool(name);
        if (pool == null) {
            run.event(
                    EventTag.POOLUSEUNKNOWN,
                    "rule " + run.rule() + " chose the pool '" + name + "', which is not there");
            return true;
        }
        run.side().pool(pool);
        run.counts().selected();
        return true;
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
        String address = orEmpty(host) + ":" + Numbers.whole(port.value());
        for (Entry e : known.view().entries()) {
            if (e.node().address().toString().equals(address)) {
                return failed(e) ? "DEAD" : e.status().admin().name();
            }
        }
        return "NOTINPOOL";
    }
}
