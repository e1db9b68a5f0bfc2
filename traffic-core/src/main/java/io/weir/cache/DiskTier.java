package io.weir.cache;

import io.weir.http.RequestHead;
import io.weir.http.StoredFields;
import io.weir.time.Ticker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stored responses in files, each written whole under another name and then renamed, so that a
 * crash leaves it there or not. What is there is known from an index in memory; files are read and
 * written by threads of its own, never by the caller. Safe for every thread.
 *
 * <p>A crash may bring back what was removed shortly before it. Therefore a file {@code clean} is
 * written when the tier is closed; without it, the node is asked about each response before its
 * first use.
 */
final class DiskTier implements AutoCloseable {

    private static final int MAX_WAITING = 512;

    /** The index may take one of so many parts of the heap. */
    private static final int HEAP_PARTS = 8;

    private static final String CLEAN = "clean";
    private static final String UNFINISHED = ".new";

    /** Responses that are stale sooner are not worth a file. */
    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Path directory;
    private final CacheStore store;
    private final Ticker ticker;
    private final DiskIndex index;
    private final StoredFields.Shapes shapes = new StoredFields.Shapes();
    private final FileChannel lockFile;
    private final ThreadPoolExecutor writer = executor("weir-cache-write", 1);
    private final ThreadPoolExecutor reader = executor("weir-cache-read", 4);
    private final AtomicInteger pending = new AtomicInteger();
    private final long openedNanos;
    private volatile boolean scanned;
    private volatile boolean closed;

    private DiskTier(
            Path directory, long size, CacheStore store, Ticker ticker, FileChannel lockFile) {
        this.directory = directory;
        this.store = store;
        this.ticker = ticker;
        this.index = new DiskIndex(size, Runtime.getRuntime().maxMemory() / HEAP_PARTS);
        this.lockFile = lockFile;
        this.openedNanos = ticker.nanos();
    }

    private static ThreadPoolExecutor executor(String name, int threads) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name(name, 0).factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Takes a directory into use, which is made if it is not there.
     *
     * @param size bytes of all files together
     * @throws IOException when it cannot be used, or another process uses it
     */
    static DiskTier open(Path directory, long size, CacheStore store, Ticker ticker)
            throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new IOException("the cache directory " + directory + " is in use");
            }
        } catch (IOException | OverlappingFileLockException e) {
            channel.close();
            throw new IOException("the cache directory " + directory + " is in use", e);
        }
        return new DiskTier(directory, size, store, ticker, channel);
    }

    private DiskFile.Clock clock() {
        return new DiskFile.Clock(ticker.nanos(), ticker.now());
    }

    // ---- what is there from before

    /** Looks through the directory, in the background; to be called when zones are known. */
    void scan() {
        if (!scanned) {
            scanned = true;
            run(writer, this::lookThrough);
        }
    }

    private void lookThrough() {
        try {
            boolean clean = Files.deleteIfExists(directory.resolve(CLEAN));
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    if (!name.equals("lock") && !closed && !adopt(file, name, clean)) {
                        Files.deleteIfExists(file);
                    }
                    deleteAll(index.surplus());
                }
            }
        } catch (IOException e) {
            index.failed();
        }
    }

    private boolean adopt(Path file, String name, boolean clean) {
        if (name.endsWith(UNFINISHED)) {
            return false;
        }
        try (FileChannel in = FileChannel.open(file)) {
            DiskFile.Description found = DiskFile.read(in, store, clock(), shapes);
            if (found == null || !clean && !found.head().validatable()) {
                return false;
            }
            DiskIndex.Entry entry =
                    new DiskIndex.Entry(
                            name,
                            found.key().kept(),
                            found.vary(),
                            found.head().tags(),
                            found.fileLength());
            if (!clean) {
                entry.expire();
            }
            index.add(entry);
            if (store.removals().concern(entry.key(), entry.tags(), openedNanos)) {
                drop(index.remove(entry));
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    // ---- reading

    /**
     * Brings the response for {@code request} into memory, if there is one.
     *
     * @param done runs on another thread, or before this returns, however it went
     * @return false, and {@code done} never runs, when there is none
     */
    boolean load(CacheKey key, RequestHead request, Runnable done) {
        DiskIndex.Entry entry = index.find(key, request);
        if (entry == null || closed) {
            return false;
        }
        return switch (entry.join(done)) {
            case JOINED -> true;
            case FIRST -> {
                if (!run(reader, () -> entry.finish(() -> bring(entry)))) {
                    // Others may have joined.
                    entry.finish(() -> {});
                }
                yield true;
            }
        };
    }

    private void bring(DiskIndex.Entry entry) {
        boolean good = false;
        try (FileChannel in = FileChannel.open(directory.resolve(entry.name()))) {
            DiskFile.Description found = DiskFile.read(in, store, clock(), shapes);
            good = found != null && found.key().equals(entry.key()) && put(in, found, entry);
        } catch (IOException e) {
            index.failed();
        }
        if (!good) {
            drop(index.remove(entry));
        }
    }

    private boolean put(FileChannel in, DiskFile.Description found, DiskIndex.Entry entry)
            throws IOException {
        Body body = store.newBody();
        List<Body> codings = new ArrayList<>();
        found.codings().forEach(each -> codings.add(store.newBody()));
        boolean put = false;
        try {
            if (DiskFile.readBodies(in, found, body, codings) && body.complete()) {
                StoredHead head = found.head();
                if (entry.expired()) {
                    head = head.expired(ticker.nanos());
                }
                Stored stored = new Stored(entry.key(), entry.vary(), head, body);
                for (int i = 0; i < codings.size(); i++) {
                    codings.get(i).complete();
                    stored.loaded(found.codings().get(i).name(), codings.get(i));
                }
                put = store.putLoaded(stored, () -> index.contains(entry));
            }
            return put;
        } finally {
            if (!put) {
                body.letGo();
                codings.forEach(Body::letGo);
            }
        }
    }

    // ---- writing and removing

    /** Writes {@code stored} some time, in the place of what was there. */
    void keep(Stored stored) {
        if (closed
                || stored.head().freshLeft(ticker.nanos()) < LEAST_NANOS
                || !stored.body().hold()) {
            return;
        }
        String name = DiskIndex.nameOf(stored.key(), stored.vary());
        DiskIndex.Writing writing = index.begin(name, stored);
        if (!run(writer, () -> write(writing))) {
            index.abandon(writing);
            stored.body().letGo();
        }
    }

    private void write(DiskIndex.Writing writing) {
        Stored stored = writing.stored();
        String name = writing.name();
        Path unfinished = directory.resolve(name + UNFINISHED);
        List<Stored.Encoded> codings = stored.holdEncodings();
        try {
            long most = stored.body().written() + stored.head().weight() + 16_384;
            for (Stored.Encoded each : codings) {
                most += each.body().written() + 64;
            }
            if (!index.wants(writing) || !index.mayHold(most)) {
                return;
            }
            deleteAll(index.makeRoom(most));
            long length = DiskFile.write(unfinished, stored, codings, clock());
            Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            DiskIndex.Entry entry =
                    new DiskIndex.Entry(name, stored.key(), stored.vary(), stored.tags(), length);
            if (!index.complete(entry, writing)) {
                // It was removed while it was written.
                deleteAll(List.of(entry));
            }
        } catch (IOException e) {
            index.failed();
            delete(unfinished);
        } finally {
            index.abandon(writing);
            codings.forEach(each -> each.body().letGo());
            stored.body().letGo();
        }
    }

    /** Removes everything of the target that {@code key} has. */
    void drop(CacheKey key) {
        drop(index.remove(key));
    }

    /** Removes one response. */
    void drop(Stored stored) {
        drop(index.remove(stored.key(), stored.vary()));
    }

    /** Removes what belongs to other zones than these. */
    void retain(Collection<CacheZone> zones) {
        index.abandonIf(stored -> !zones.contains(stored.key().zone()));
        drop(index.removeIf(entry -> !zones.contains(entry.key().zone())));
    }

    /**
     * Removes, or makes stale, what fits.
     *
     * @return how many of them were not in memory as well, and the bytes of these
     */
    long[] purge(CacheQuery query, boolean soft) {
        long[] sums = new long[2];
        index.abandonIf(stored -> query.fits(stored.key()) && query.fits(stored) && !soft);
        for (DiskIndex.Entry entry : index.all()) {
            if (!query.fits(entry.key(), entry.tags())) {
                continue;
            }
            if (!store.has(entry.key(), entry.vary())) {
                sums[0]++;
                sums[1] += entry.length();
            }
            if (soft) {
                entry.expire();
            } else {
                drop(index.remove(entry));
            }
        }
        return sums;
    }

    private void drop(List<DiskIndex.Entry> entries) {
        if (!entries.isEmpty() && !run(writer, () -> deleteAll(entries))) {
            // Too much to do: what the index does not know is removed when the tier is closed.
            index.failed();
        }
    }

    private void deleteAll(List<DiskIndex.Entry> entries) {
        for (DiskIndex.Entry entry : entries) {
            if (!index.hasName(entry.name())) {
                delete(directory.resolve(entry.name()));
            }
        }
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            index.failed();
        }
    }

    private boolean run(ThreadPoolExecutor executor, Runnable task) {
        pending.incrementAndGet();
        try {
            executor.execute(
                    () -> {
                        try {
                            task.run();
                        } finally {
                            pending.decrementAndGet();
                        }
                    });
            return true;
        } catch (RejectedExecutionException e) {
            pending.decrementAndGet();
            return false;
        }
    }

    // ---- figures and end

    /** Bytes of the files. */
    long bytes() {
        return index.bytes();
    }

    /** Responses in files. */
    long responses() {
        return index.count();
    }

    /** Reads and writes that failed, and removals that had to wait. */
    long failures() {
        return index.failures();
    }

    /** Whether nothing is being read or written. */
    boolean idle() {
        return pending.get() == 0;
    }

    /** Finishes what is begun and says in the directory that all is as it should be. */
    @Override
    public void close() {
        closed = true;
        writer.shutdown();
        reader.shutdown();
        try {
            boolean done =
                    writer.awaitTermination(10, TimeUnit.SECONDS)
                            && reader.awaitTermination(1, TimeUnit.SECONDS);
            if (done && scanned) {
                removeStrangers();
                Files.write(directory.resolve(CLEAN), new byte[0]);
            }
            lockFile.close();
        } catch (IOException e) {
            // Without the mark, nodes are asked about everything next time.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes files that the index does not know, and those that are stale by order. */
    private void removeStrangers() throws IOException {
        List<String> kept = new ArrayList<>();
        for (DiskIndex.Entry entry : index.all()) {
            if (!entry.expired()) {
                kept.add(entry.name());
            }
        }
        Set<String> names = new HashSet<>(kept);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.equals("lock") && !names.contains(name)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
