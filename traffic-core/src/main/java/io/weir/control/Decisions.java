package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;

import org.jspecify.annotations.Nullable;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The operational decisions about nodes, and the leases of nodes; see {@link Control}. */
final class Decisions {

    private final Core core;

    Decisions(Core core) {
        this.core = core;
    }

    List<NodeChange> set(List<NodeCommand> commands, @Nullable Long expectedRevision, Author author)
            throws RefusedException {
        core.lock.lock();
        try {
            core.mustRun();
            Core.expect("overlay", expectedRevision, core.state.overlayRevision());
            Overlay present = core.state.overlay();
            List<NodeStep> steps = core.steps(commands, present, core.state.config(), author);
            Overlay next = steps.isEmpty() ? present : steps.getLast().after();
            if (!next.equals(present)) {
                core.putOverlay(next);
            }
            List<NodeChange> changes = new ArrayList<>();
            for (NodeStep step : steps) {
                NodeChange change = step.change(core.overlaySaved, core.state.overlayRevision());
                changes.add(change);
                if (change.changed()) {
                    step.announce(core.overlaySaved, core.events);
                }
            }
            return changes;
        } finally {
            core.lock.unlock();
        }
    }

    Safety safety(SafetyQuestion question, Author author) throws RefusedException {
        ControlState s = core.state;
        return Leasing.ask(question, author.name(), core.plane, s.overlay(), core.ticker.now());
    }

    Safety lease(LeaseRequest request, Author author) throws RefusedException {
        core.lock.lock();
        try {
            core.mustRun();
            Leasing leasing =
                    Leasing.of(request, author, core.ticker.now().truncatedTo(ChronoUnit.MILLIS));
            Safety safety = leasing.ask(core.plane, core.state.overlay(), core.ticker.now());
            if (safety.verdict() != Safety.Verdict.YES) {
                return safety;
            }
            Overlay before = core.state.overlay();
            core.putOverlay(before.with(leasing.lease()));
            // A request may have come between the answer and the hold: with the hold it is seen.
            Safety held = leasing.ask(core.plane, core.state.overlay(), core.ticker.now());
            if (held.verdict() != Safety.Verdict.YES) {
                core.putOverlay(before);
                return leasing.ask(core.plane, before, core.ticker.now());
            }
            leasing.announce(core.overlaySaved, core.events);
            // What is refused is a question answered; who waits asks it many times.
            core.audit.accepted(author, "lease", List.of("node " + held.node()), request.reason());
            return held;
        } finally {
            core.lock.unlock();
        }
    }

    NodeLease release(NodeAddress node, Author author) throws RefusedException {
        core.lock.lock();
        try {
            core.mustRun();
            NodeLease lease = core.state.overlay().lease(node);
            if (lease == null) {
                throw new RefusedException(
                        new ControlProblem.NotFound("lease", node.toString(), "", null));
            }
            core.putOverlay(core.state.overlay().withoutLease(node));
            Leasing.announceEnd(lease, "was ended by " + author, core.events);
            return lease;
        } finally {
            core.lock.unlock();
        }
    }

    /**
     * Ends what is over, and writes what could not be written before; the caller holds the lock.
     */
    void tick() throws RefusedException {
        if (!core.overlaySaved) {
            core.saveOverlay();
        }
        Overlay before = core.state.overlay();
        Overlay lasting = before.unexpired(core.ticker.now());
        Deadlines deadlines = Deadlines.of(lasting, core.ticker.now());
        if (!deadlines.after().equals(before)) {
            core.putOverlay(deadlines.after());
            before.entries().stream()
                    .filter(e -> !lasting.entries().contains(e))
                    .forEach(e -> NodeStep.announceEnd(e, core.events));
            before.leases().stream()
                    .filter(l -> !lasting.leases().contains(l))
                    .forEach(l -> Leasing.announceEnd(l, "is over", core.events));
            deadlines.conclude(core.plane, core.events);
        }
    }
}
