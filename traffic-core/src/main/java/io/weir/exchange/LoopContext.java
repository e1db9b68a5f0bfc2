package io.weir.exchange;

import io.weir.admit.Strain;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.time.DeadlineWheel;
import io.weir.time.Ticker;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * What all exchanges of one event loop share: its clock, its deadlines and its reusable heads.
 * Confined to that event loop.
 */
public final class LoopContext {

    /** Heads kept for reuse; beyond that they are left to the collector. */
    private static final int MAX_KEPT = 256;

    private final int index;
    private final Executor executor;
    private final Ticker ticker;
    private final DeadlineWheel deadlines;
    private final Strain strain = new Strain();
    private final JustEnded justEnded = new JustEnded();
    private long exchanges;
    private long nanos;
    private final Set<Exchange> alone = new HashSet<>();
    private final ArrayDeque<RequestHead> requestHeads = new ArrayDeque<>();
    private final ArrayDeque<ResponseHead> responseHeads = new ArrayDeque<>();

    /**
     * @param index of the event loop, counted from 0
     * @param executor runs tasks on the event loop
     * @param tickNanos how exact deadlines are
     */
    public LoopContext(int index, Executor executor, Ticker ticker, long tickNanos) {
        this.index = index;
        this.executor = executor;
        this.ticker = ticker;
        this.nanos = ticker.nanos();
        this.deadlines = new DeadlineWheel(ticker, tickNanos);
    }

    /** Which event loop this is, counted from 0. */
    public int index() {
        return index;
    }

    /** The number of the next exchange of this event loop. */
    long nextExchange() {
        return exchanges++;
    }

    /** Runs tasks on the event loop. */
    public Executor executor() {
        return executor;
    }

    public Ticker ticker() {
        return ticker;
    }

    /**
     * The monotonic time at which the event loop began with the event that it is handling, read
     * from the ticker once per event.
     */
    public long nanos() {
        return nanos;
    }

    /** An event is about to be handled: reads the clock. */
    public void tick() {
        nanos = ticker.nanos();
    }

    /** The exchanges that ended last. */
    public JustEnded justEnded() {
        return justEnded;
    }

    /** What the process, and this event loop, have to bear. */
    public Strain strain() {
        return strain;
    }

    public DeadlineWheel deadlines() {
        return deadlines;
    }

    /** {@code x} goes on without a client. */
    void beginsAlone(Exchange x) {
        alone.add(x);
    }

    /** {@code x}, which had no client, is over. */
    void endsAlone(Exchange x) {
        alone.remove(x);
    }

    /** Ends the exchanges that have no client, and so no connection that ends them. */
    public void endThoseWithoutClient() {
        List.copyOf(alone).forEach(Exchange::finish);
    }

    /** An empty request head; give it back with {@link #giveBack(RequestHead)}. */
    public RequestHead requestHead() {
        RequestHead head = requestHeads.pollLast();
        return head != null ? head : new RequestHead();
    }

    /**
     * What stands in the place of {@code head} when it is to wait, in as little room as it takes.
     */
    public RequestHead compact(RequestHead head) {
        if (head.fits()) {
            return head;
        }
        RequestHead small = head.compact();
        giveBack(head);
        return small;
    }

    /** An empty response head; give it back with {@link #giveBack(ResponseHead)}. */
    public ResponseHead responseHead() {
        ResponseHead head = responseHeads.pollLast();
        return head != null ? head : new ResponseHead();
    }

    public void giveBack(RequestHead head) {
        if (requestHeads.size() < MAX_KEPT && head.worthKeeping()) {
            head.clear();
            requestHeads.addLast(head);
        }
    }

    public void giveBack(ResponseHead head) {
        if (responseHeads.size() < MAX_KEPT && head.worthKeeping()) {
            head.clear();
            responseHeads.addLast(head);
        }
    }
}
