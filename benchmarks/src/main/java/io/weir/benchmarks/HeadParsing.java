package io.weir.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.weir.http.FieldBlock;
import io.weir.http.FieldName;
import io.weir.http.Framing;
import io.weir.http.Head;
import io.weir.http.RequestHead;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;

/** Reading a request head, checking it, and writing it for a node. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadParsing {

    private static final int MAX_BYTES = 32 * 1024;
    private static final int MAX_TARGET = 8 * 1024;
    private static final int MAX_FIELDS = 100;

    /** Which request. */
    @Param({"WRK", "BROWSER"})
    public Requests request = Requests.WRK;

    private final RequestHead head = new RequestHead();
    private final byte[] out = new byte[4096];
    private final FieldBlock forwarding =
            FieldBlock.of(
                    to -> {
                        to.add(FieldName.X_CLUSTER_CLIENT_IP, "192.0.2.7");
                        to.add(FieldName.X_FORWARDED_FOR, "192.0.2.7");
                        to.add(FieldName.X_FORWARDED_PROTO, "http");
                        to.add(FieldName.VIA, "1.1 weir");
                    });
    private final ByteBuf in = PooledByteBufAllocator.DEFAULT.directBuffer(4096);

    /** Puts the request where a socket would have put it. */
    @Setup
    public void receive() {
        in.clear().writeBytes(request.bytes());
    }

    /** Gives the buffer back. */
    @TearDown
    public void release() {
        in.release();
    }

    /** Reads the head. */
    @Benchmark
    public RequestHead parse() {
        head.clear();
        in.readerIndex(0);
        if (head.read(in, MAX_BYTES, MAX_TARGET, MAX_FIELDS) != Head.Progress.COMPLETE) {
            throw new AssertionError(head.defect());
        }
        return head;
    }

    /** Reads the head and finds nothing wrong with it. */
    @Benchmark
    public long parseAndCheck() {
        RequestHead read = parse();
        if (Framing.check(read) != null) {
            throw new AssertionError(Framing.check(read));
        }
        return Framing.requestLength(read) + (Framing.persistent(read) ? 1 : 0);
    }

    /** Does everything that is done to a head on its way from a client to a node. */
    @Benchmark
    public byte[] parseCheckAndEncode() {
        parseAndCheck();
        head.removeHopByHop();
        head.add(forwarding);
        head.encode(out, head.encodeStartLine(out, 0));
        return out;
    }
}
