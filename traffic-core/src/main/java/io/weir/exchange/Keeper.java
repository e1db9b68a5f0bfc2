package io.weir.exchange;

import io.weir.config.ExplainConfig;
import io.weir.explain.KeptExchange.Reason;
import io.weir.explain.KeptExchanges;
import io.weir.fault.TrafficFault;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * Decides of each finished exchange of a virtual server whether it is kept, and keeps it. Called on
 * event loops; an exchange that is not kept costs a few comparisons and no memory.
 */
public final class Keeper {

    /** Exchanges that one event loop writes down in a second: a flood of errors costs no more. */
    static final int MOST_PER_SECOND = 100;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Spreads consecutive numbers, so that one in so many is no pattern of the traffic. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final KeptExchanges kept;
    private final ExplainConfig config;
    private final long slowNanos;
    private final Budget[] budgets;

    /** What one event loop has written down in the present second. */
    private static final class Budget {
        private long second;
        private int used;
    }

    /**
     * @param loops number of event loops
     */
    public Keeper(KeptExchanges kept, ExplainConfig config, int loops) {
        this.kept = kept;
        this.config = config;
        this.slowNanos = config.slowAfter().toNanos();
        this.budgets = new Budget[loops];
        for (int i = 0; i < loops; i++) {
            budgets[i] = new Budget();
        }
    }

    /** An exchange is over; its heads are still there to be read. */
    void ended(Exchange x) {
        ExchangeRecord record = x.record();
        long begin = record.beginNanos();
        long answered = record.replyNanos() == 0 ? record.endNanos() : record.replyNanos();
        Reason reason = reason(record, failed(record), answered - begin, x.number());
        if (reason != null && mayWrite(x.context())) {
            kept.add(Transcript.of(x, reason));
        }
    }

    /** A stream, or a session of datagrams, is over: it has no answer that could be slow. */
    void ended(StreamLogRecord.Shown x) {
        TrafficFault fault = x.record().fault();
        boolean failed = fault != null && !(fault instanceof TrafficFault.ClientGone);
        Reason reason = reason(x.record(), failed, 0, x.number());
        if (reason != null && mayWrite(x.context())) {
            kept.add(Transcript.of(x, reason));
        }
    }

    /** A request was refused before an exchange could begin. */
    void refused(LoopContext loop, String server, RefusedRequest request) {
        if (config.errors() && mayWrite(loop)) {
            kept.add(Transcript.of(request, loop, server));
        }
    }

    private @Nullable Reason reason(
            ExchangeRecord record, boolean failed, long answerNanos, long number) {
        Boolean wanted = record.keep;
        if (wanted != null && !wanted) {
            return null;
        }
        if (config.errors() && failed) {
            return Reason.ERROR;
        }
        if (slowNanos > 0 && answerNanos >= slowNanos) {
            return Reason.SLOW;
        }
        int sample = config.sample();
        return wanted != null
                        || sample > 0 && Long.remainderUnsigned(number * SPREAD >>> 1, sample) == 0
                ? Reason.SAMPLED
                : null;
    }

    /** A client that leaves while its answer runs is no error of anybody. */
    private static boolean failed(ExchangeRecord record) {
        TrafficFault fault = record.fault();
        return fault == null
                ? record.status() >= 500
                : !(fault instanceof TrafficFault.ClientGone) || record.status() == 0;
    }

    private boolean mayWrite(LoopContext loop) {
        Budget budget = budgets[loop.index()];
        long second = loop.nanos() / SECOND;
        if (budget.second != second) {
            budget.second = second;
            budget.used = 0;
        }
        return budget.used++ < MOST_PER_SECOND;
    }
}
