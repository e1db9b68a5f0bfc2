package io.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.config.CacheConfig;
import io.weir.http.Head;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.testkit.CacheDefaults;
import io.weir.testkit.ManualTicker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** What the store holds is counted to the byte, stays below its bound, and costs little more. */
class CacheMemoryTest {

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\n"
                    + "Date: Fri, 27 Nov 2026 12:00:00 GMT\r\n"
                    + "Server: node/1.0\r\n"
                    + "Content-Type: text/html; charset=utf-8\r\n"
                    + "Last-Modified: Thu, 26 Nov 2026 10:00:00 GMT\r\n"
                    + "ETag: \"%s\"\r\n"
                    + "Cache-Control: max-age=600\r\n"
                    + "X-Request-Id: %s\r\n"
                    + "Content-Length: %d\r\n\r\n";

    private final ManualTicker ticker = new ManualTicker();
    private final StorePolicy policy = new StorePolicy(CacheDefaults.CACHE);

    private CacheStore store(long size) {
        return new CacheStore(new CacheConfig.Store(size, size / 50, 2048), ticker);
    }

    private static <T extends Head> T read(T head, String text) {
        ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        assertThat(head.read(in, 32 * 1024, 8 * 1024, 100)).isEqualTo(Head.Progress.COMPLETE);
        in.release();
        return head;
    }

    private static RequestHead request(String target) {
        return read(new RequestHead(), "GET " + target + " HTTP/1.1\r\nHost: weir.test\r\n\r\n");
    }

    private static CacheKey key(CacheStore store, RequestHead request) {
        return RequestShape.key(store.zone("web"), false, request, "", true);
    }

    /** Stores a body of {@code length} bytes, if there is room. */
    private void put(CacheStore store, String target, int length) {
        Filling filling = begin(store, target, length);
        if (filling == null) {
            return;
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(content(target, length));
        assertThat(filling.append(bytes, ticker.nanos())).isTrue();
        bytes.release();
        filling.complete();
    }

    /** Makes room for a body of {@code length} bytes; null when there is none. */
    private @Nullable Filling begin(CacheStore store, String target, int length) {
        RequestHead request = request(target);
        CacheKey key = key(store, request);
        String id = Integer.toHexString(target.hashCode());
        ResponseHead head = read(new ResponseHead(), HEAD.formatted(id, id, length));
        StorePolicy.Times times =
                new StorePolicy.Times(ticker.nanos(), ticker.nanos(), ticker.now());
        Stored stored = store.fetches().begin(key, policy, request, head, length, times).stored();
        if (stored == null) {
            return null;
        }
        return new Filling(
                store.fetches(),
                store.fetches().join(key, request, true).fill(),
                stored,
                ticker.nanos(),
                done -> store.put(done, ticker.nanos()));
    }

    private static byte[] content(String target, int length) {
        byte[] content = new byte[length];
        new Random(target.hashCode()).nextBytes(content);
        return content;
    }

    private static byte[] read(Body body) {
        byte[] all = new byte[(int) body.written()];
        for (int at = 0; at < all.length; ) {
            ByteBuf piece = body.slice(at, Math.min(10_000, all.length - at));
            int n = piece.readableBytes();
            piece.readBytes(all, at, n);
            piece.release();
            at += n;
        }
        return all;
    }

    @Test
    void bytesAreCountedExactlyWhileManyThreadsStoreReadAndPurgeMoreThanThereIsRoomFor()
            throws Exception {
        CacheStore store = store(4 << 20);
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            work(store, new Random(seed), seed);
                                        } catch (Throwable e) {
                                            failure.compareAndSet(null, e);
                                        }
                                    }));
        }
        Thread watch =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!over.get()) {
                                        if (store.bodyBytes() > 4 << 20) {
                                            failure.compareAndSet(
                                                    null, new AssertionError("over the bound"));
                                        }
                                        Thread.onSpinWait();
                                    }
                                });
        for (Thread thread : threads) {
            thread.join();
        }
        over.set(true);
        watch.join();
        assertThat(failure.get()).isNull();
        CacheContents.Figures figures = store.contents().figures();
        CacheContents.Listing all = store.contents().find(CacheQuery.ALL, Integer.MAX_VALUE);
        CacheContents.ZoneFigures zone = figures.zones().getFirst();
        assertThat(zone.evicted()).isPositive();
        assertThat(zone.responses()).isEqualTo(all.matching()).isPositive();
        assertThat(zone.bytes()).isEqualTo(all.bytes()).isEqualTo(figures.entryBytes());
        assertThat(figures.entryBytes()).isLessThanOrEqualTo(4 << 20);
        long bodies = all.items().stream().mapToLong(item -> cost((int) item.length())).sum();
        assertThat(figures.memoryBytes()).isEqualTo(bodies);
        store.contents().purge(CacheQuery.ALL, false);
        assertThat(store.bodyBytes()).isZero();
        assertThat(store.contents().figures().entryBytes()).isZero();
        assertThat(store.contents().figures().zones().getFirst().bytes()).isZero();
    }

    /** What a complete body of {@code length} bytes takes. */
    private static long cost(int length) {
        return length <= 64 * 1024 ? NativeMemory.cost(length) : length;
    }

    private void work(CacheStore store, Random random, int thread) {
        for (int i = 0; i < 3000; i++) {
            String target = "/" + random.nextInt(400);
            int length = 1 + random.nextInt(random.nextInt(20) == 0 ? 80_000 : 6_000);
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> put(store, target + "/" + thread, length);
                case 3 -> store.invalidate(key(store, request(target + "/" + thread)));
                case 4 ->
                        store.contents()
                                .purge(
                                        new CacheQuery(
                                                null,
                                                null,
                                                Wildcard.ANY,
                                                new Wildcard(target + "/*"),
                                                null),
                                        random.nextBoolean());
                default -> {
                    String whose = target + "/" + random.nextInt(4);
                    RequestHead request = request(whose);
                    Stored found = store.find(key(store, request), request, i);
                    if (found != null) {
                        Body body = found.body();
                        assertThat(read(body)).isEqualTo(content(whose, (int) body.written()));
                        body.letGo();
                    }
                }
            }
        }
    }

    @Test
    void entriesTakeNearlyAllOfTheMemoryAndMakeRoomForFillingsAsLongAsThoseNeedIt() {
        int size = 4 << 20;
        CacheStore store = store(size);
        putMany(store, "/before", 3000);
        assertThat(store.entryBytes()).isBetween(size * 97L / 100, (long) size);
        List<Filling> underWay = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            underWay.add(Objects.requireNonNull(begin(store, "/long/" + i, 80_000), "/long/" + i));
            assertThat(store.bodyBytes()).isLessThanOrEqualTo(size);
        }
        assertThat(store.entryBytes()).isLessThanOrEqualTo(size - 20 * 80_000);
        underWay.forEach(Filling::abandon);
        putMany(store, "/after", 10_000);
        assertThat(store.entryBytes()).isBetween(size * 97L / 100, (long) size);
        for (int i = 0; i < 100; i++) {
            Filling more = begin(store, "/longer/" + i, 80_000);
            if (more == null) {
                assertThat(i).as("half of the memory is for fillings").isBetween(20, 26);
                break;
            }
            underWay.add(more);
        }
        assertThat(store.bodyBytes()).isLessThanOrEqualTo(size);
        underWay.forEach(Filling::abandon);
        store.close();
        assertThat(store.bodyBytes()).isZero();
    }

    private void putMany(CacheStore store, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            put(store, prefix + "/" + i, 1000 + i % 1000);
        }
    }

    @Test
    void hostAndWhatElseStandsInAKeyAreWeighed() {
        CacheStore store = store(1 << 20);
        int least = keyOf(store, "h", "key").weight();
        assertThat(keyOf(store, "h".repeat(200), "key").weight()).isEqualTo(least + 199);
        assertThat(keyOf(store, "h", "key".repeat(100)).weight())
                .isGreaterThanOrEqualTo(least + 297);
    }

    private static CacheKey keyOf(CacheStore store, String host, String pool) {
        RequestHead request =
                read(new RequestHead(), "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        return RequestShape.key(store.zone("web"), false, request, pool, true);
    }

    @Test
    void keysOfAnswersThatCannotBeStoredTakeAFewMegabytesAtMost() {
        CacheStore store = store(1 << 20);
        List<CacheKey> keys = new ArrayList<>();
        for (int i = 0; i < 9000; i++) {
            CacheKey key = key(store, request("/" + "x".repeat(2000) + i));
            store.fetches().unstorable(key);
            keys.add(key);
        }
        long known =
                keys.stream()
                        .filter(
                                key ->
                                        store.fetches().join(key, request("/"), false).fill().key()
                                                == null)
                        .count();
        assertThat(known * 2000).isBetween(1L << 20, 4L << 20);
    }

    @Test
    void thoseWhoWaitGetAResponseThatTheStoreDoesNotKeep() {
        CacheStore store = store(4 << 20);
        RequestHead request = request("/cold");
        CacheKey key = key(store, request);
        Fill fill = store.fetches().join(key, request, false).fill();
        boolean[] told = {false};
        assertThat(fill.await(() -> told[0] = true)).isTrue();
        StorePolicy.Times times =
                new StorePolicy.Times(ticker.nanos(), ticker.nanos(), ticker.now());
        ResponseHead head = read(new ResponseHead(), HEAD.formatted("a", "b", 1000));
        Stored stored =
                Objects.requireNonNull(
                        store.fetches().begin(key, policy, request, head, 1000, times).stored());
        Filling filling =
                new Filling(
                        store.fetches(),
                        fill,
                        stored,
                        ticker.nanos(),
                        done -> store.put(done, ticker.nanos()));
        ByteBuf bytes = Unpooled.wrappedBuffer(content("/cold", 1000));
        filling.append(bytes, ticker.nanos());
        bytes.release();
        filling.complete();
        store.remove(stored);
        assertThat(told[0]).isTrue();
        Body body = Objects.requireNonNull(fill.offered()).body();
        assertThat(read(body)).isEqualTo(content("/cold", 1000));
        body.letGo();
        assertThat(store.bodyBytes()).isZero();
    }

    /** What else is in the heap comes and goes, but not every time. */
    @Test
    void anObjectCostsAtMost400BytesBeyondHeadAndBody() {
        Cost cost = costOfAnObject();
        for (int i = 1; i < 5 && !cost.isCountedRightly(); i++) {
            cost = costOfAnObject();
        }
        assertThat(cost.bytes()).as("bytes per object").isBetween(0L, 400L);
        assertThat(cost.isCountedRightly()).as("%s", cost).isTrue();
    }

    /**
     * What an object costs beyond head and body.
     *
     * @param counted what the store takes it for
     */
    private record Cost(long bytes, long counted) {
        boolean isCountedRightly() {
            return counted >= bytes - 80 && counted <= bytes + 120;
        }
    }

    private Cost costOfAnObject() {
        int count = 50_000;
        CacheStore store = store(256 << 20);
        put(store, "/warm", 100);
        store.contents().purge(CacheQuery.ALL, false);
        long heapBefore = usedAfterCollection();
        long outsideBefore = store.bodyBytes();
        for (int i = 0; i < count; i++) {
            put(store, "/static/images/item-" + i + ".html", 1000);
        }
        long heap = usedAfterCollection() - heapBefore;
        long outside = store.bodyBytes() - outsideBefore;
        assertThat(store.contents().figures().zones().getFirst().responses()).isEqualTo(count);
        int head = HEAD.formatted("01234567", "01234567", 1000).length();
        Cost cost =
                new Cost(
                        (heap + outside) / count - head - 1000,
                        store.entryBytes() / count - head - 1000);
        store.close();
        return cost;
    }

    private static long usedAfterCollection() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            used =
                    Math.min(
                            used,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }

    @Test
    void aReaderOfAGrowingBodyNeverMeetsMemoryThatIsGone() throws Exception {
        Memory memory = new Memory(8 << 20, 4 << 20, bytes -> false);
        for (int round = 0; round < 300; round++) {
            Body body = new Body(memory, -1);
            byte[] content = content("/" + round, 40_000);
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            body.hold();
            Thread reader =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            while (body.state() == Body.State.GROWING) {
                                                byte[] seen = read(body);
                                                assertThat(
                                                                Arrays.equals(
                                                                        content,
                                                                        0,
                                                                        seen.length,
                                                                        seen,
                                                                        0,
                                                                        seen.length))
                                                        .isTrue();
                                            }
                                            assertThat(read(body)).isEqualTo(content);
                                        } catch (Throwable e) {
                                            failure.set(e);
                                        } finally {
                                            body.letGo();
                                        }
                                    });
            for (int at = 0; at < content.length; at += 1000) {
                ByteBuf piece = Unpooled.wrappedBuffer(content, at, 1000);
                assertThat(body.append(piece)).isTrue();
                piece.release();
            }
            assertThat(body.complete()).isTrue();
            body.letGo();
            reader.join();
            assertThat(failure.get()).isNull();
        }
        assertThat(memory.used()).isZero();
    }
}
