package io.weir.log;

import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one thread that takes lines of all access logs from the queue and writes them to their files.
 *
 * <p>Event loops wake it only when it sleeps, which it does after a pass without lines; while there
 * is traffic it wakes by itself every {@link #LINGER_NANOS}, so that a line costs its event loop no
 * system call.
 */
final class LogWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long OUTAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long UPKEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Lines per pass, so that files are looked after under any load. */
    private static final int PASS = 8192;

    private final LineQueue queue;
    private final Ticker ticker;
    private final EventBus events;
    private final LogOutput.Opener opener;
    private final Supplier<Collection<FileAccessLog>> current;
    private final ThreadLocal<ByteSink> sinks = ThreadLocal.withInitial(ByteSink::new);
    private final Thread thread;

    private volatile boolean sleeping;
    private volatile boolean stopping;

    private volatile boolean logsChanged = true;

    private final Lock lock = new ReentrantLock();
    private final Condition passEnded = lock.newCondition();

    /** Number of the latest pass that began. Guarded by lock. */
    private long begun;

    /** Number of the latest pass that ended. Guarded by lock. */
    private long ended;

    /** Position in the queue up to which lines were tried to be written. Guarded by lock. */
    private long passed;

    /** Lines held back after the latest pass. Guarded by lock. */
    private long heldBack;

    // Confined to the writer's thread.
    private final Map<Path, Target> targets = new HashMap<>();
    private final Map<FileAccessLog, Place> places = new HashMap<>();
    private long second;
    private long upkeepAt;
    private long reportAt;
    private long reportedQueueFull;

    LogWriter(
            int queueBytes,
            Ticker ticker,
            EventBus events,
            LogOutput.Opener opener,
            Supplier<Collection<FileAccessLog>> current) {
        this.queue = new LineQueue(queueBytes);
        this.ticker = ticker;
        this.events = events;
        this.opener = opener;
        this.current = current;
        this.upkeepAt = ticker.nanos();
        this.reportAt = upkeepAt;
        this.thread = Thread.ofPlatform().daemon().name("weir-access-log").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** The calling thread's line. */
    ByteSink sink() {
        return sinks.get();
    }

    /** Queues a line; returns false when it was refused. Safe for every thread. */
    boolean offer(FileAccessLog log, ByteSink line) {
        if (stopping || !queue.offer(log, line.array(), line.position())) {
            return false;
        }
        if (sleeping) {
            wake();
        }
        return true;
    }

    /** Tells that logs were opened or dropped, so that their files are looked after at once. */
    void logsChanged() {
        logsChanged = true;
        wake();
    }

    private void wake() {
        sleeping = false;
        LockSupport.unpark(thread);
    }

    /** Waits until every line offered so far is in its file; false if not all could be. */
    boolean flush(Duration deadline) throws InterruptedException {
        long upTo = queue.offered();
        long left = deadline.toNanos();
        lock.lock();
        try {
            // The pass under way may be past the files already.
            long wanted = begun + 1;
            wake();
            while (passed - upTo < 0 || ended < wanted) {
                if (left <= 0) {
                    return false;
                }
                left = passEnded.awaitNanos(left);
            }
            return heldBack == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is queued and ends the thread; false if lines were lost. */
    boolean stop(Duration deadline) throws InterruptedException {
        stopping = true;
        wake();
        if (!thread.join(deadline)) {
            return false;
        }
        lock.lock();
        try {
            return heldBack == 0 && passed == queue.offered();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        while (true) {
            boolean last = stopping;
            boolean idle;
            try {
                idle = pass();
            } catch (RuntimeException | OutOfMemoryError e) {
                // The thread must go on: without it every later line would be lost.
                LOG.error("access log writer failed and goes on", e);
                idle = false;
            }
            if (last && queue.drained() == queue.offered()) {
                targets.values().forEach(Target::giveUp);
                return;
            }
            rest(idle);
        }
    }

    private void rest(boolean idle) {
        if (!idle) {
            LockSupport.parkNanos(this, LINGER_NANOS);
        } else if (targets.values().stream().anyMatch(t -> t.file.isFailing())) {
            LockSupport.parkNanos(this, OUTAGE_NANOS);
        } else {
            sleeping = true;
            if (queue.drained() == queue.offered() && !stopping && !logsChanged) {
                LockSupport.park(this);
            }
            sleeping = false;
        }
    }

    /** One round; returns whether there was nothing to do. */
    private boolean pass() {
        lock.lock();
        try {
            begun++;
        } finally {
            lock.unlock();
        }
        second = ticker.now().getEpochSecond();
        long now = ticker.nanos();
        if (logsChanged || now - upkeepAt >= 0) {
            logsChanged = false;
            upkeepAt = now + UPKEEP_NANOS;
            upkeep(now);
        }
        int lines = queue.drain(this::take, PASS);
        targets.values().forEach(Target::write);
        lock.lock();
        try {
            ended = begun;
            passed = queue.drained();
            heldBack = targets.values().stream().mapToLong(t -> t.file.held()).sum();
            passEnded.signalAll();
        } finally {
            lock.unlock();
        }
        return lines == 0;
    }

    private void take(FileAccessLog log, byte[] bytes, int offset, int length) {
        try {
            target(log).add(log, bytes, offset, length);
        } catch (RuntimeException | OutOfMemoryError e) {
            log.counts().writeFailed.increment();
            throw e;
        }
    }

    /** Where lines of {@code log} go now. */
    private Target target(FileAccessLog log) {
        Place place = places.computeIfAbsent(log, l -> new Place());
        Target target = place.target;
        if (target == null || (log.file().isTimed() && place.second != second)) {
            place.second = second;
            target = targets.computeIfAbsent(log.file().at(second), Target::new);
            place.target = target;
        }
        return target;
    }

    /** Once a second: opens the files of new logs, follows renames, lets go of unused files. */
    private void upkeep(long now) {
        Collection<FileAccessLog> logs = current.get();
        Set<Target> used = new HashSet<>();
        for (FileAccessLog log : logs) {
            Target target = target(log);
            target.file.checkGone();
            target.file.tryOpen();
            used.add(target);
        }
        targets.values()
                .removeIf(
                        target -> {
                            // Files whose time is over are not waited for: each holds memory.
                            boolean over = !used.contains(target);
                            if (over) {
                                target.giveUp();
                            }
                            return over;
                        });
        places.values().removeIf(place -> !used.contains(place.target));
        if (now - reportAt >= 0) {
            reportAt = now + REPORT_NANOS;
            reportQueueFull(logs);
        }
    }

    private void reportQueueFull(Collection<FileAccessLog> logs) {
        long refused = logs.stream().mapToLong(l -> l.counts().queueFull.sum()).sum();
        if (refused > reportedQueueFull) {
            LOG.warn(
                    "{} access log lines were dropped because the disk is too slow",
                    refused - reportedQueueFull);
        }
        reportedQueueFull = refused;
    }

    /** Where the lines of one log go at present. */
    private static final class Place {
        long second;
        @Nullable Target target;
    }

    /** A file and the logs whose lines it holds back, oldest first. */
    private final class Target implements LineFile.Watcher {
        final LineFile file;
        final Deque<FileAccessLog> owners = new ArrayDeque<>();

        Target(Path path) {
            this.file = new LineFile(path, opener, ticker, this);
        }

        void add(FileAccessLog log, byte[] bytes, int offset, int length) {
            if (file.add(bytes, offset, length)) {
                owners.addLast(log);
            } else {
                log.counts().writeFailed.increment();
            }
            count(file.held());
        }

        void write() {
            file.write();
            count(file.held());
        }

        /** Counts the lines that have left: all but the {@code held} latest. */
        private void count(int held) {
            while (owners.size() > held) {
                owners.removeFirst().counts().written.increment();
            }
        }

        void giveUp() {
            for (FileAccessLog log : owners) {
                log.counts().writeFailed.increment();
            }
            if (!owners.isEmpty()) {
                LOG.error("{} access log lines for {} are lost", owners.size(), file.path());
            }
            file.close();
        }

        @Override
        public void failed(Path path, String problem) {
            events.emit(
                    EventTag.VSLOGWRITEFAIL,
                    "Access log "
                            + path
                            + " cannot be written: "
                            + problem
                            + "; lines are held back as far as memory allows, then dropped",
                    places.entrySet().stream()
                            .filter(entry -> entry.getValue().target == this)
                            .map(entry -> entry.getKey().virtualServer())
                            .distinct()
                            .sorted()
                            .map(ObjectRef::virtualServer)
                            .toArray(ObjectRef[]::new));
        }

        @Override
        public void recovered(Path path, Duration outage, long dropped) {
            LOG.info(
                    "access log {} is written again after {} s; {} lines were dropped",
                    path,
                    outage.toSeconds(),
                    dropped);
        }
    }
}
