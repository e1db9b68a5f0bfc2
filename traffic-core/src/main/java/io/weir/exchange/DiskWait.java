package io.weir.exchange;

import io.weir.cache.CacheKey;
import io.weir.time.DeadlineWheel.Deadline;

import java.util.concurrent.TimeUnit;

/**
 * An exchange that waits for a response to come from the disk into memory, but not for long: a disk
 * that does not answer is no better than none. Confined to the event loop of its exchange.
 */
final class DiskWait extends Deadline {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    private final Exchange x;
    private final CacheAccess cache;
    private boolean over;

    private DiskWait(Exchange x, CacheAccess cache) {
        this.x = x;
        this.cache = cache;
    }

    /** Waits if there is such a response; otherwise returns false. */
    static boolean begin(Exchange x, CacheAccess cache, CacheKey key) {
        DiskWait wait = new DiskWait(x, cache);
        LoopContext loop = x.context();
        if (!cache.store().load(key, x.request(), () -> loop.executor().execute(wait::loaded))) {
            return false;
        }
        loop.deadlines().set(wait, loop.nanos(), PATIENCE);
        return true;
    }

    private void loaded() {
        if (!over) {
            x.context().tick();
            x.context().deadlines().forget(this);
            goOn();
        }
    }

    @Override
    protected void expired() {
        if (!over) {
            goOn();
        }
    }

    private void goOn() {
        over = true;
        if (!x.isOver()) {
            Next next = LookInCache.look(x, cache, false);
            if (!(next instanceof Next.Wait)) {
                x.proceed(next);
            }
        }
    }
}
