package io.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.Channels;
import java.util.Random;

/** A piece of a body can be read like every other buffer, and not be written to. */
class PieceTest {

    private static final int LENGTH = 1000;
    private static final int AT = 100;
    private static final int PART = 300;

    private final Memory memory = new Memory(1 << 20, 1 << 20, bytes -> false);
    private final byte[] content = new byte[LENGTH];
    private final Body body = new Body(memory, LENGTH);
    private final ByteBuf same;
    private final ByteBuf piece;

    PieceTest() {
        new Random(3).nextBytes(content);
        ByteBuf all = Unpooled.wrappedBuffer(content);
        assertThat(body.append(all)).isTrue();
        assertThat(body.complete()).isTrue();
        all.release();
        same = Unpooled.wrappedBuffer(content, AT, PART);
        piece = body.slice(AT, PART);
    }

    @AfterEach
    void nothingIsLeft() {
        body.letGo();
        assertThat(memory.used()).as("the piece still holds the body").isPositive();
        same.release();
        piece.release();
        assertThat(memory.used()).isZero();
    }

    @Test
    void everyWayToReadASingleValueGivesTheSame() {
        assertThat(piece).isInstanceOf(Piece.class).isEqualTo(same);
        for (int i = 0; i <= PART - Long.BYTES; i++) {
            assertThat(piece.getByte(i)).isEqualTo(same.getByte(i));
            assertThat(piece.getShort(i)).isEqualTo(same.getShort(i));
            assertThat(piece.getShortLE(i)).isEqualTo(same.getShortLE(i));
            assertThat(piece.getUnsignedMedium(i)).isEqualTo(same.getUnsignedMedium(i));
            assertThat(piece.getUnsignedMediumLE(i)).isEqualTo(same.getUnsignedMediumLE(i));
            assertThat(piece.getInt(i)).isEqualTo(same.getInt(i));
            assertThat(piece.getIntLE(i)).isEqualTo(same.getIntLE(i));
            assertThat(piece.getLong(i)).isEqualTo(same.getLong(i));
            assertThat(piece.getLongLE(i)).isEqualTo(same.getLongLE(i));
        }
    }

    @Test
    void everyWayToCopyGivesTheSame() throws IOException {
        byte[] expected = ByteBufUtil.getBytes(same, 7, 200);
        assertThat(ByteBufUtil.getBytes(piece, 7, 200)).isEqualTo(expected);
        for (ByteBuf into : new ByteBuf[] {Unpooled.buffer(300), Unpooled.directBuffer(300)}) {
            into.writeByte(1).writeBytes(piece, 7, 200);
            assertThat(ByteBufUtil.getBytes(into, 1, 200)).isEqualTo(expected);
            into.release();
        }
        ByteBuffer nio = ByteBuffer.allocate(200);
        piece.getBytes(7, nio);
        assertThat(nio.array()).isEqualTo(expected);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        piece.getBytes(7, stream, 200);
        assertThat(stream.toByteArray()).isEqualTo(expected);
        assertThat(Channels.newChannel(stream).write(piece.nioBuffer(7, 200))).isEqualTo(200);
        ByteBuf copy = piece.copy(7, 200);
        assertThat(ByteBufUtil.getBytes(copy)).isEqualTo(expected);
        copy.release();
        ByteBuf slice = piece.retainedSlice(7, 200);
        assertThat(ByteBufUtil.getBytes(slice)).isEqualTo(expected);
        slice.release();
    }

    @Test
    void itEndsWhereItEndsAndIsNotWrittenTo() {
        assertThat(piece.readableBytes()).isEqualTo(PART);
        assertThat(piece.isWritable()).isFalse();
        assertThatThrownBy(() -> piece.getByte(PART)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> piece.getBytes(PART - 1, new byte[2]))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> piece.nioBuffer(PART - 1, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> piece.setByte(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> piece.setBytes(0, new byte[1]))
                .isInstanceOf(ReadOnlyBufferException.class);
    }
}
