package io.weir.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** zstd when its library fails; what it encodes is tested where clients ask for it. */
class ZstdEncoderTest {

    /** The buffers that it would leave behind fail the class. */
    @Test
    void anEncoderWhoseLibraryFailsLeavesNothing() {
        ZstdEncoder encoder = new ZstdEncoder(3);
        encoder.close();
        ByteBuf piece = Unpooled.directBuffer(100).writeZero(100);
        ByteBuf onHeap = Unpooled.buffer(100).writeZero(100);
        List<ByteBuf> out = new ArrayList<>();

        assertThatThrownBy(() -> encoder.write(piece, out::add))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.write(onHeap, out::add))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.flush(out::add)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.finish(out::add))
                .isInstanceOf(IllegalStateException.class);

        assertThat(out).isEmpty();
        piece.release();
        onHeap.release();
    }
}
