package io.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.config.CacheConfig;
import io.weir.http.Head;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.http.StoredFields;
import io.weir.testkit.Await;
import io.weir.testkit.CacheDefaults;
import io.weir.testkit.ManualTicker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Responses on disk: what comes back is right, whatever happened to the process or the files. */
class DiskTierTest {

    private static final long LIMIT = 1 << 20;

    @TempDir Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private final StorePolicy policy = new StorePolicy(CacheDefaults.CACHE);
    private final List<CacheStore> stores = new ArrayList<>();
    private CacheStore store;

    /** Of the stores that are opened from now on. */
    private long limit = LIMIT;

    /** Part of the keys from now on. */
    private String pool = "";

    @BeforeEach
    void open() throws IOException {
        store = open(directory);
    }

    @AfterEach
    void close() {
        stores.forEach(CacheStore::close);
    }

    private CacheStore open(Path where) throws IOException {
        CacheStore opened = new CacheStore(new CacheConfig.Store(8 << 20, 1 << 20, 2048), ticker);
        opened.zone("web");
        opened.useDisk(where, limit);
        opened.readDisk();
        stores.add(opened);
        settle(opened);
        return opened;
    }

    private static DiskTier disk(CacheStore of) {
        return Objects.requireNonNull(of.disk());
    }

    private static void settle(CacheStore of) {
        Await.until("the disk to be idle", () -> disk(of).idle());
    }

    private static <T extends Head> T read(T head, String text) {
        ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        assertThat(head.read(in, 32 * 1024, 8 * 1024, 100)).isEqualTo(Head.Progress.COMPLETE);
        in.release();
        return head;
    }

    private static RequestHead request(String target) {
        return read(
                new RequestHead(),
                "GET " + target + " HTTP/1.1\r\nHost: weir.test\r\nAccept-Language: de\r\n\r\n");
    }

    private CacheKey key(CacheStore of, String target) {
        return RequestShape.key(of.zone("web"), false, request(target), pool, true);
    }

    private static byte[] content(String target, int length) {
        byte[] content = new byte[length];
        new Random(target.hashCode()).nextBytes(content);
        return content;
    }

    private Stored put(CacheStore into, String target, int length, String... fields) {
        StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        ResponseHead head =
                read(new ResponseHead(), text + "Content-Length: " + length + "\r\n\r\n");
        StorePolicy.Times times =
                new StorePolicy.Times(ticker.nanos(), ticker.nanos(), ticker.now());
        RequestHead request = request(target);
        Stored stored =
                Objects.requireNonNull(
                        into.fetches()
                                .begin(key(into, target), policy, request, head, length, times)
                                .stored());
        ByteBuf bytes = Unpooled.wrappedBuffer(content(target, length));
        assertThat(stored.body().append(bytes)).isTrue();
        assertThat(stored.body().complete()).isTrue();
        into.put(stored, ticker.nanos());
        return stored;
    }

    /** The response for {@code target} out of memory or from disk, its body not held. */
    private @Nullable Stored get(CacheStore from, String target) throws Exception {
        CacheKey key = key(from, target);
        CountDownLatch done = new CountDownLatch(1);
        if (from.load(key, request(target), done::countDown)) {
            done.await();
        }
        Stored found = from.find(key, request(target), 0);
        if (found != null) {
            byte[] all = new byte[(int) found.body().written()];
            for (int at = 0; at < all.length; ) {
                ByteBuf piece = found.body().slice(at, all.length - at);
                int n = piece.readableBytes();
                piece.readBytes(all, at, n);
                piece.release();
                at += n;
            }
            found.body().letGo();
            assertThat(all).as(target).isEqualTo(content(target, all.length));
        }
        return found;
    }

    private CacheStore restarted() throws IOException {
        store.close();
        stores.remove(store);
        store = open(directory);
        return store;
    }

    /** A store on a copy of the directory as it is now: what a process killed now would leave. */
    private CacheStore afterKill(int number) throws IOException {
        Path copy = directory.resolveSibling(directory.getFileName() + "-copy" + number);
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                try {
                    Files.copy(file, copy.resolve(file.getFileName().toString()));
                } catch (NoSuchFileException e) {
                    // It was renamed or removed meanwhile.
                }
            }
        }
        return open(copy);
    }

    @Test
    void responsesOutliveARestartWithEverythingThatIsKnownOfThem() throws Exception {
        put(store, "/a", 100, "ETag: \"x\"", "Vary: Accept-Language", "Cache-Tag: t", "X-A: b");
        put(store, "/big", 200_000);
        settle(store);
        ticker.advance(Duration.ofSeconds(20));
        restarted();
        assertThat(store.find(key(store, "/a"), request("/a"), ticker.nanos())).isNull();
        Stored found = Objects.requireNonNull(get(store, "/a"));
        assertThat(found.age(ticker.nanos())).isEqualTo(20);
        assertThat(found.freshLeft(ticker.nanos())).isEqualTo(Duration.ofSeconds(40).toNanos());
        assertThat(found.tags()).containsExactly("t");
        assertThat(found.head().etag()).isEqualTo("\"x\"");
        assertThat(found.head().toFields().toString()).contains("X-A: b");
        assertThat(get(store, "/big")).isNotNull();
        assertThat(get(store, "/none")).isNull();
    }

    @Test
    void aKillAtAnyMomentLeavesWholeResponsesWhichNodesAreAskedAbout() throws Exception {
        Thread busy =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; i < 400; i++) {
                                        String target = "/" + i % 40;
                                        put(store, target, 1000 + i * 37, "ETag: \"" + i + "\"");
                                    }
                                });
        for (int kill = 0; kill < 8; kill++) {
            CacheStore after = afterKill(kill);
            for (int i = 0; i < 40; i++) {
                Stored found = get(after, "/" + i);
                if (found != null) {
                    assertThat(found.freshLeft(ticker.nanos())).isNegative();
                    assertThat(found.validatable()).isTrue();
                }
            }
        }
        busy.join();
        settle(store);
        put(store, "/no-validator", 10);
        settle(store);
        CacheStore last = afterKill(99);
        assertThat(get(last, "/39")).isNotNull();
        assertThat(get(last, "/no-validator")).isNull();
    }

    @Test
    void aKillGivesNothingMoreTimeThanItHad() throws Exception {
        put(store, "/a", 10, "ETag: \"x\"", "Cache-Control: stale-while-revalidate=30");
        settle(store);
        ticker.advance(Duration.ofHours(2));
        Stored found = Objects.requireNonNull(get(afterKill(0), "/a"));
        assertThat(reuse(found)).isEqualTo(Reuse.ASK);
        assertThat(found.freshLeft(ticker.nanos())).isLessThan(-Duration.ofHours(1).toNanos());
    }

    private Reuse reuse(Stored found) {
        RequestHead request = request("/a");
        Directives asked = Directives.ofRequest(request);
        return Reuse.of(found, request, asked, CacheDefaults.CACHE, ticker.nanos());
    }

    @Test
    void whatIsPurgedBeforeTheFilesAreLookedThroughIsGone() throws Exception {
        put(store, "/a", 10, "Cache-Tag: t");
        put(store, "/b", 10);
        put(store, "/c", 10);
        settle(store);
        store.close();
        CacheStore after = new CacheStore(new CacheConfig.Store(8 << 20, 1 << 20, 2048), ticker);
        after.zone("web");
        after.useDisk(directory, LIMIT);
        stores.set(0, after);
        ticker.advance(Duration.ofMillis(1));
        after.contents().purge(new CacheQuery(null, null, Wildcard.ANY, Wildcard.ANY, "t"), false);
        after.invalidate(key(after, "/b"));
        after.readDisk();
        settle(after);
        assertThat(get(after, "/a")).isNull();
        assertThat(get(after, "/b")).isNull();
        assertThat(get(after, "/c")).isNotNull();
    }

    @Test
    void allThatIsStoredOfATargetIsRemovedTogetherWhateverElseIsInTheKey() throws Exception {
        put(store, "/a", 10);
        pool = "one";
        put(store, "/a", 10);
        put(store, "/b", 10);
        settle(store);
        CacheStore after = restarted();
        pool = "two";
        put(after, "/a", 10);
        after.invalidate(key(after, "/a"));
        settle(after);
        assertThat(get(after, "/a")).isNull();
        pool = "";
        assertThat(get(after, "/a")).isNull();
        pool = "one";
        assertThat(get(after, "/a")).isNull();
        assertThat(get(after, "/b")).isNotNull();
    }

    @Test
    void aConfirmationThatGivesLessTimeCountsForTheFileToo() throws Exception {
        Stored stored = put(store, "/a", 10, "ETag: \"x\"");
        settle(store);
        ResponseHead said =
                read(
                        new ResponseHead(),
                        "HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=10\r\n\r\n");
        StorePolicy.Times times =
                new StorePolicy.Times(ticker.nanos(), ticker.nanos(), ticker.now());
        assertThat(store.confirm(stored, policy, request("/a"), said, times)).isEqualTo(stored);
        settle(store);
        restarted();
        Stored found = Objects.requireNonNull(get(store, "/a"));
        assertThat(found.freshLeft(ticker.nanos())).isEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void aReadForWhichThereIsNoRoomEndsLikeAnyOther() throws Exception {
        limit = 4L << 20;
        restarted();
        int files = 600;
        long caller = Thread.currentThread().threadId();
        for (int i = 0; i < files; i++) {
            put(store, "/" + i, 10);
            settle(store);
        }
        restarted();
        CountDownLatch mayEnd = new CountDownLatch(1);
        int begun = 0;
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < files; i++) {
            Runnable done =
                    () -> {
                        if (Thread.currentThread().threadId() != caller) {
                            awaitQuietly(mayEnd);
                        }
                        ended.incrementAndGet();
                    };
            begun += store.load(key(store, "/" + i), request("/" + i), done) ? 1 : 0;
        }
        assertThat(ended.get()).as("reads without room").isPositive();
        mayEnd.countDown();
        settle(store);
        assertThat(begun).isEqualTo(files);
        assertThat(ended.get()).isEqualTo(files);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFileCutOrChangedAnywhereIsNoResponse() throws Exception {
        Stored stored = put(store, "/a", 300, "ETag: \"x\"");
        settle(store);
        Path file = directory.resolve(DiskIndex.nameOf(stored.key(), stored.vary()));
        byte[] good = Files.readAllBytes(file);
        assertThat(readable(good)).isTrue();
        for (int cut = 0; cut < good.length; cut++) {
            assertThat(readable(Arrays.copyOf(good, cut))).as("cut at %d", cut).isFalse();
        }
        for (int at = 0; at < good.length; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 0x10;
            assertThat(readable(changed)).as("changed at %d", at).isFalse();
        }
        assertThat(readable(Arrays.copyOf(good, good.length + 1))).isFalse();
    }

    private boolean readable(byte[] bytes) throws IOException {
        Path file = directory.resolve("trial");
        Files.write(file, bytes);
        Body body = store.newBody();
        try (FileChannel in = FileChannel.open(file)) {
            DiskFile.Description found =
                    DiskFile.read(
                            in,
                            store,
                            new DiskFile.Clock(ticker.nanos(), ticker.now()),
                            new StoredFields.Shapes());
            return found != null && DiskFile.readBodies(in, found, body, List.of());
        } finally {
            body.letGo();
        }
    }

    private Body text(CacheStore of, String text) {
        Body body = of.newBody();
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        assertThat(body.append(bytes)).isTrue();
        bytes.release();
        assertThat(body.complete()).isTrue();
        return body;
    }

    @Test
    void codingsOutliveARestartWithTheirResponse() throws Exception {
        Stored stored = put(store, "/a", 3000);
        assertThat(store.keepEncoded(stored, "gzip", text(store, "zipped"))).isTrue();
        assertThat(store.keepEncoded(stored, "br", text(store, "brewed"))).isTrue();
        settle(store);
        store.close();
        CacheStore next = open(directory);
        Stored again = Objects.requireNonNull(get(next, "/a"));
        assertThat(again.codings()).containsExactly("gzip", "br");
        assertThat(again.claim("br")).as("nobody compresses it again").isFalse();
        Body coded = Objects.requireNonNull(again.encoded("br"));
        ByteBuf piece = coded.slice(0, 100);
        assertThat(piece.toString(StandardCharsets.US_ASCII)).isEqualTo("brewed");
        piece.release();
        assertThat(taken()).isLessThan(LIMIT);
    }

    @Test
    void filesNeverTakeMoreThanTheLimit() throws Exception {
        for (int i = 0; i < 60; i++) {
            put(store, "/" + i, 50_000);
            if (i % 6 == 0) {
                settle(store);
                assertThat(taken()).isLessThanOrEqualTo(LIMIT);
            }
        }
        settle(store);
        assertThat(taken()).isBetween(LIMIT / 2, LIMIT);
        assertThat(disk(store).bytes()).isEqualTo(taken());
        put(store, "/too-long", 300_000);
        settle(store);
        assertThat(disk(store).responses()).isGreaterThan(10);
    }

    @Test
    void shortFilesCountAsTheBlocksOfTheDiskThatTheyTake() throws Exception {
        for (int i = 0; i < 400; i++) {
            put(store, "/" + i, 10);
            if (i % 100 == 0) {
                settle(store);
            }
        }
        settle(store);
        assertThat(taken()).isBetween(LIMIT / 2, LIMIT);
        assertThat(get(store, "/399")).isNotNull();
    }

    @Test
    void whatIsKnownOfFilesTakesNoMoreOfTheHeapThanItMay() {
        DiskIndex index = new DiskIndex(1L << 40, 1 << 20);
        List<String> tags = List.of("t".repeat(500), "u".repeat(500));
        for (int i = 0; i < 5000; i++) {
            index.makeRoom(10);
            CacheKey key = key(store, "/" + "x".repeat(500) + i);
            index.add(new DiskIndex.Entry("file" + i, key, VaryKey.NONE, tags, 10));
        }
        assertThat(index.count()).isBetween(200, (1 << 20) / 1500 + 1);
        assertThat(index.hasName("file4999")).isTrue();
        assertThat(index.hasName("file0")).isFalse();
        assertThat(index.all().getFirst().tags()).isEqualTo(tags);
    }

    /** Bytes of the disk that the files take. */
    private long taken() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            long sum = 0;
            for (Path file : files.toList()) {
                sum += (Files.size(file) + 4095) / 4096 * 4096;
            }
            return sum;
        }
    }

    @Test
    void whatWasRemovedOrReplacedDoesNotComeBack() throws Exception {
        put(store, "/a", 10);
        put(store, "/b", 10, "Cache-Tag: t");
        put(store, "/c", 10);
        put(store, "/d", 10);
        settle(store);
        store.invalidate(key(store, "/a"));
        CacheQuery tagged = new CacheQuery(null, null, Wildcard.ANY, Wildcard.ANY, "t");
        assertThat(store.contents().purge(tagged, false).responses()).isEqualTo(1);
        put(store, "/c", 20);
        CacheQuery soft = new CacheQuery(null, null, Wildcard.ANY, Wildcard.exactly("/d"), null);
        assertThat(store.contents().purge(soft, true).responses()).isEqualTo(1);
        settle(store);
        restarted();
        assertThat(get(store, "/a")).isNull();
        assertThat(get(store, "/b")).isNull();
        assertThat(Objects.requireNonNull(get(store, "/c")).body().written()).isEqualTo(20);
        assertThat(get(store, "/d")).isNull();
    }

    @Test
    void aPurgeClearsWhatLiesOnDiskOnly() throws Exception {
        put(store, "/a", 10);
        settle(store);
        restarted();
        assertThat(store.contents().purge(CacheQuery.ALL, false).responses()).isEqualTo(1);
        assertThat(get(store, "/a")).isNull();
        settle(store);
        assertThat(disk(store).responses()).isZero();
    }

    @Test
    void manyWhoWantOneResponseReadItOnce() throws Exception {
        put(store, "/a", 100_000);
        settle(store);
        restarted();
        CountDownLatch done = new CountDownLatch(50);
        int waiting = 0;
        for (int i = 0; i < 50; i++) {
            if (store.load(key(store, "/a"), request("/a"), done::countDown)) {
                waiting++;
            } else {
                done.countDown();
            }
        }
        done.await();
        assertThat(waiting).isPositive();
        assertThat(get(store, "/a")).isNotNull();
        assertThat(store.contents().figures().zones().getFirst().responses()).isEqualTo(1);
    }

    @Test
    void aDirectoryInUseIsRefused() {
        CacheStore other = new CacheStore(new CacheConfig.Store(8 << 20, 0, 2048), ticker);
        assertThatThrownBy(() -> other.useDisk(directory, LIMIT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }
}
