package io.weir.exchange;

import io.weir.rule.CarriedSide;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the rules of streams and of datagrams have in common. Confined to one event loop. */
abstract class CarriedRules extends RuleWalk implements CarriedSide {

    private final Map<String, Object> data = new HashMap<>();
    private final Set<RuleState> begun = EnumSet.noneOf(RuleState.class);
    private byte @Nullable [] answer;
    private boolean firstPass;

    CarriedRules(VirtualServer server, LoopContext loop, ExchangeRecord record) {
        super(server, loop, record);
    }

    /** The session of the client; null when there are no persistence classes. */
    abstract @Nullable CarriedSession session();

    /** Runs a list from its begin; rules that run once do so in the first pass of their list. */
    final Next pass(List<ServerRules.Attached> list, RuleState where) {
        firstPass = begun.add(where);
        return run(list, where);
    }

    /** Whether the list of {@code where} has run already. */
    final boolean hasRun(RuleState where) {
        return begun.contains(where);
    }

    /** What rules have made to be sent to the client, once; null for nothing. */
    final byte @Nullable [] takeAnswer() {
        byte[] ready = answer;
        answer = null;
        return ready;
    }

    @Override
    final boolean firstOfConnection(RuleState where) {
        return firstPass;
    }

    @Override
    public final void answer(byte[] bytes) {
        answer = bytes;
    }

    @Override
    public final Map<String, Object> connectionData() {
        return data;
    }

    @Override
    final void persistenceClass(String name) {
        CarriedSession session = session();
        if (session != null) {
            session.chosenClass(name);
        }
    }

    @Override
    final @Nullable String chosenClass() {
        CarriedSession session = session();
        return session == null ? null : session.persistenceClass();
    }

    @Override
    public final void persistenceKey(String key) {
        CarriedSession session = session();
        if (session != null) {
            session.key(key);
        }
    }

    @Override
    public final void persistenceNode(String node) {
        CarriedSession session = session();
        if (session != null) {
            session.node(node);
        }
    }

    @Override
    public final boolean resendable() {
        return false;
    }
}
