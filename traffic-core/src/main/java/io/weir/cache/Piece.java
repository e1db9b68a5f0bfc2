package io.weir.cache;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;

/** A part of a compact body on its way to a client; the body lives at least as long. */
final class Piece extends UnpooledDirectByteBuf {

    private final Body body;
    private final long address;

    /**
     * @param body held for this piece, which lets go of it
     */
    Piece(Body body, long address, int length) {
        super(UnpooledByteBufAllocator.DEFAULT, NativeMemory.view(address, length), length);
        this.body = body;
        this.address = address;
    }

    @Override
    public boolean hasMemoryAddress() {
        return true;
    }

    @Override
    public long memoryAddress() {
        return address;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        body.letGo();
    }
}
