package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.rule.CarriedSide.Held;

import org.jspecify.annotations.Nullable;

/**
 * Bytes of one direction of a stream that rules look at before they go on. Confined to one event
 * loop.
 */
final class HeldBytes implements Held {

    private final Opening opening;
    private final int most;
    private final Runnable wantsMore;
    private @Nullable Runnable waiting;
    private int wanted;
    private int end = -1;
    private boolean ended;

    /**
     * @param opening where the bytes are
     * @param most bytes that rules may hold
     * @param wantsMore is told that a rule waits for bytes, which may have to be read
     */
    HeldBytes(Opening opening, int most, Runnable wantsMore) {
        this.opening = opening;
        this.most = most;
        this.wantsMore = wantsMore;
    }

    @Override
    public int length() {
        return opening.length();
    }

    @Override
    public byte[] bytes() {
        ByteBuf have = opening.bytes();
        byte[] copy = new byte[opening.length()];
        if (have != null) {
            have.getBytes(have.readerIndex(), copy);
        }
        return copy;
    }

    @Override
    public boolean complete() {
        return ended || opening.length() >= most;
    }

    @Override
    public void await(int length, Runnable done) {
        if (opening.length() >= length || complete()) {
            done.run();
        } else {
            wanted = Math.min(length, most);
            waiting = done;
            wantsMore.run();
        }
    }

    @Override
    public void replace(byte[] bytes) {
        opening.drop();
        end = -1;
        if (bytes.length > 0) {
            opening.add(Unpooled.wrappedBuffer(bytes));
        }
    }

    @Override
    public void endAt(int length) {
        end = length;
    }

    /** How many bytes a rule waits for; 0 when none does. */
    int wanted() {
        return waiting == null ? 0 : wanted;
    }

    /** The sender has ended its direction. */
    void ended() {
        ended = true;
        came();
    }

    /** More has come. */
    void came() {
        Runnable done = waiting;
        if (done != null && (opening.length() >= wanted || complete())) {
            waiting = null;
            done.run();
        }
    }

    /** Hands over what goes on now; null when that is nothing. The rest stays. */
    @Nullable ByteBuf release() {
        int length = end;
        end = -1;
        return take(length < 0 ? Integer.MAX_VALUE : length);
    }

    /** Hands over the first {@code length} bytes; null when there is none. The rest stays. */
    @Nullable ByteBuf take(int length) {
        ByteBuf all = opening.take();
        if (all == null || length >= all.readableBytes()) {
            return all;
        }
        ByteBuf first = all.readRetainedSlice(length);
        opening.add(all);
        return first;
    }
}
