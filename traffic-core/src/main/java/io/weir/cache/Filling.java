package io.weir.cache;

import io.netty.buffer.ByteBuf;

import java.util.function.Consumer;

/**
 * The filling of one stored response, from the first byte to its place in the store. Ends exactly
 * once, with {@link #complete}, {@link #tooLong} or {@link #abandon}. Confined to the event loop of
 * the filler.
 */
public final class Filling {

    private final Fetches fetches;
    private final Fill fill;
    private final Stored stored;
    private final Consumer<Stored> place;
    private boolean over;

    /**
     * @param stored with one hold on its body for the store
     * @param now when its head came
     * @param place puts it where it belongs when it is complete, and becomes the owner of the hold
     */
    public Filling(Fetches fetches, Fill fill, Stored stored, long now, Consumer<Stored> place) {
        this.fetches = fetches;
        this.fill = fill;
        this.stored = stored;
        this.place = place;
        fill.grew(now);
        if (!stored.mayBeShared(now)) {
            fill.refuseFor(stored);
        } else if (stored.body().expected() >= 0) {
            // Those who wait can follow: there is room for all of it.
            fill.offer(stored);
        }
    }

    public Body body() {
        return stored.body();
    }

    /** Takes a piece of the body as {@link Body#append} does. */
    public boolean append(ByteBuf piece, long now) {
        fill.grew(now);
        return stored.body().append(piece);
    }

    /** The whole body has come. */
    public void complete() {
        if (over) {
            return;
        }
        over = true;
        if (!stored.body().complete()) {
            fill.refuse();
            stored.body().letGo();
            return;
        }
        // Before, because the store may prefer what it has to a newcomer.
        fill.offer(stored);
        place.accept(stored);
        fill.closed();
    }

    /** The body is longer than what is stored. */
    public void tooLong() {
        if (!over) {
            over = true;
            fetches.unstorable(stored.key());
            fill.refuse();
            stored.body().letGo();
        }
    }

    /** The body will not come to its end. */
    public void abandon() {
        if (!over) {
            over = true;
            stored.body().abandon();
            fill.refuse();
            stored.body().letGo();
        }
    }
}
