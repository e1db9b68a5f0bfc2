package io.weir.exchange;

import io.weir.exchange.ExchangeRecord.FailedAttempt;
import io.weir.explain.KeptExchange.Candidate;
import io.weir.persist.Verdict;
import io.weir.pool.Admin;
import io.weir.pool.BreakerStatus;
import io.weir.pool.Health;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says of each node that could have served an exchange why it was chosen or was not. */
final class CandidateList {

    /** Nodes listed of one exchange: a record is to stay small. */
    static final int MOST = 64;

    private final ExchangeRecord record;
    private final List<Candidate> list = new ArrayList<>();

    private CandidateList(ExchangeRecord record) {
        this.record = record;
    }

    /** The nodes of the pool that was asked, then those of the failure pool that had the node. */
    static List<Candidate> of(ExchangeRecord record) {
        CandidateList all = new CandidateList(record);
        all.add(record.asked);
        all.add(record.failurePool);
        return all.list;
    }

    private void add(@Nullable PoolView view) {
        if (view == null) {
            return;
        }
        for (PoolView.Entry entry : view.entries()) {
            if (list.size() == MOST) {
                return;
            }
            list.add(candidate(view, entry));
        }
    }

    private Candidate candidate(PoolView view, PoolView.Entry entry) {
        PoolNode node = entry.node();
        boolean chosen = node == record.node();
        BreakerStatus breaker = view == record.asked ? record.breaker : null;
        Admin admin = entry.status().admin();
        return new Candidate(
                view.config().name(),
                node.address().toString(),
                admin == Admin.HELD ? "draining" : admin.name().toLowerCase(Locale.ROOT),
                switch (entry.status().health()) {
                    case Health.Up _ -> "up";
                    case Health.Unchecked _ -> "unchecked";
                    case Health.Down _ -> "down";
                },
                entry.weight(),
                entry.priority(),
                chosen,
                why(view, entry, chosen, breaker != null && breaker.closed() ? null : breaker));
    }

    /**
     * @param breaker how the circuit breaker of the pool is; null when it keeps nobody out
     */
    private String why(
            PoolView view, PoolView.Entry entry, boolean chosen, @Nullable BreakerStatus breaker) {
        String standing = view.standing(entry);
        String decision = entry.decision();
        if (decision != null) {
            standing += " (" + decision + ")";
        }
        for (FailedAttempt each : record.failedAttempts()) {
            if (each.node() == entry.node()) {
                return "was tried: " + each.why().text() + "; " + standing;
            }
        }
        if (breaker != null) {
            return (chosen ? "tries the pool out, whose" : "is left alone: the pool's")
                    + " circuit breaker is "
                    + breaker.state()
                    + " ("
                    + breaker.cause()
                    + "); "
                    + standing;
        }
        if (chosen) {
            return record.persistence() == Verdict.HIT
                    ? "has the session; " + standing
                    : "chosen by " + view.config().algorithm() + "; " + standing;
        }
        boolean open = standing.startsWith("is open");
        return open && record.node() != null
                ? standing
                        + (record.persistence() == Verdict.HIT
                                ? "; another node has the session"
                                : "; " + view.config().algorithm() + " chose another one")
                : standing;
    }
}
