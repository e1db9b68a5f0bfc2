package io.weir.pool;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of one pool: those that are wanted, in order, and those that leave when what runs on
 * them has ended. Confined to the pool's {@link Serial}.
 */
final class Members {

    private final Pool pool;
    private final Map<NodeAddress, Member> byAddress = new LinkedHashMap<>();
    private final List<Member> leaving = new ArrayList<>();
    private final List<PoolNode> removed = new ArrayList<>();

    Members(Pool pool) {
        this.pool = pool;
    }

    /** Those that are wanted, in the order of the configuration. */
    Collection<Member> present() {
        return byAddress.values();
    }

    /** Their addresses, in that order. */
    List<NodeAddress> addresses() {
        return List.copyOf(byAddress.keySet());
    }

    /** Those that are wanted, and those that leave. */
    Collection<Member> all() {
        List<Member> all = new ArrayList<>(byAddress.values());
        all.addAll(leaving);
        return all;
    }

    /** The one at {@code address}; null when none is wanted there. */
    @Nullable Member at(NodeAddress address) {
        return byAddress.get(address);
    }

    /** The one that {@code node} belongs to; null when it is not wanted any more. */
    @Nullable Member of(PoolNode node) {
        Member member = byAddress.get(node.address());
        return member != null && member.node == node ? member : null;
    }

    /**
     * Makes the members those that are wanted now.
     *
     * @param first whether the pool begins with them
     * @return those that leave from now on, and for whom something runs still
     */
    List<Member> enlist(
            PoolConfig config,
            Overlay overlay,
            Map<NodeAddress, Wanted> wanted,
            Findings findings,
            boolean first) {
        List<Member> dismissed = new ArrayList<>();
        for (Member member : List.copyOf(byAddress.values())) {
            if (!wanted.containsKey(member.node.address())) {
                byAddress.remove(member.node.address());
                if (!dismiss(member, config)) {
                    dismissed.add(member);
                }
            }
        }
        Map<NodeAddress, Member> ordered = new LinkedHashMap<>();
        wanted.forEach(
                (address, wish) -> {
                    Member member = byAddress.get(address);
                    ordered.put(address, member != null ? member : recruit(address, wish, first));
                });
        byAddress.clear();
        byAddress.putAll(ordered);
        ordered.forEach(
                (address, member) -> {
                    Wanted wish = wanted.get(address);
                    if (wish != null) {
                        findings.heed(member, wish, config);
                        instruct(member, wish, overlay);
                    }
                });
        return dismissed;
    }

    private Member recruit(NodeAddress address, Wanted wanted, boolean first) {
        for (Member member : leaving) {
            if (member.node.address().equals(address)) {
                leaving.remove(member);
                member.leaving = false;
                member.node.retired(false);
                return member;
            }
        }
        Member member = new Member(new PoolNode(pool, address));
        FollowedName name = wanted.name();
        member.original = first || name != null && name.original;
        member.trusted = member.original;
        return member;
    }

    private void instruct(Member member, Wanted wanted, Overlay overlay) {
        NodeConfig own = wanted.config();
        NodeConfig configured =
                new NodeConfig(wanted.configured(), own.state(), own.weight(), own.priority());
        NodeConfig named =
                new NodeConfig(
                        own.address(),
                        overlay.stateOf(pool.name(), configured),
                        overlay.weightOf(pool.name(), configured),
                        own.priority());
        member.want(
                overlay.stateOf(pool.name(), named),
                overlay.lease(own.address()) != null || overlay.lease(wanted.configured()) != null,
                overlay.weightOf(pool.name(), named),
                own.priority(),
                decision(overlay, own.address(), wanted.configured()));
        Addresses before = member.node.addresses();
        if (!before.list().equals(wanted.addresses())) {
            member.node.addresses(new Addresses(wanted.addresses()));
            if (!wanted.addresses().containsAll(before.list())) {
                member.node.closeIdle(Integer.MAX_VALUE);
            }
        }
        FollowedName name = wanted.name();
        member.unresolved = wanted.addresses().isEmpty();
        member.resolveFailure = name == null ? null : name.failure;
    }

    private @Nullable String decision(Overlay overlay, NodeAddress own, NodeAddress configured) {
        String everywhere = null;
        for (OverlayEntry entry : overlay.entries()) {
            if (entry.covers(pool.name(), own) || entry.covers(pool.name(), configured)) {
                String text =
                        entry.reason().isEmpty()
                                ? entry.owner()
                                : entry.owner() + ": " + entry.reason();
                if (entry.pool() != null) {
                    return text;
                }
                everywhere = text;
            }
        }
        return everywhere;
    }

    // ---- leaving

    /** Takes a node out, at once or after its exchanges have ended; whether that was at once. */
    private boolean dismiss(Member member, PoolConfig config) {
        member.node.closeIdle(Integer.MAX_VALUE);
        member.node.retired(true);
        if (config.nodeDelete() == PoolConfig.NodeDelete.IMMEDIATE || member.node.inFlight() == 0) {
            remove(member);
            return true;
        }
        member.leaving = true;
        member.dismissals++;
        member.admin = Admin.DRAINING;
        leaving.add(member);
        return false;
    }

    /**
     * Takes a node out. It is closed only once a view without it is published: until then requests
     * that look at the old view must still find a node. What runs on it may end.
     */
    private void remove(Member member) {
        // Whoever counts finds what runs on it at any moment, in the old view or here.
        pool.departed(member.node);
        removed.add(member.node);
    }

    /** Waits no longer for {@code member}, which leaves; false when it does not leave any more. */
    boolean removeLeaving(Member member) {
        boolean left = leaving.remove(member);
        if (left) {
            remove(member);
        }
        return left;
    }

    /**
     * Takes out those that leave and that nothing runs on any more: asked after they were closed,
     * so that nobody is missed.
     *
     * @return whether there were any
     */
    boolean removeDrained() {
        return leaving.removeIf(
                member -> {
                    boolean empty = member.node.inFlight() == 0;
                    if (empty) {
                        remove(member);
                    }
                    return empty;
                });
    }

    /** A view without those that were taken out is published. */
    void closeRemoved() {
        for (PoolNode node : removed) {
            node.status(new NodeStatus(Admin.DISABLED, node.status().health()));
            node.closeIdle(Integer.MAX_VALUE);
            pool.departed(node);
        }
        removed.clear();
    }
}
