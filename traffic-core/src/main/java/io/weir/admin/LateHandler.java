package io.weir.admin;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A handler that is made when the first request comes for it, so that one whom nobody asks costs
 * neither the start nor memory. It is made while it is found out who asks, on a thread of its own.
 * One that cannot be made fails every request. Safe for every thread.
 */
public final class LateHandler implements AdminHandler, AutoCloseable {

    private final FutureTask<? extends AdminHandler> making;
    private final AtomicBoolean begun = new AtomicBoolean();

    /**
     * @param maker called once at most, on a virtual thread
     */
    public LateHandler(Callable<? extends AdminHandler> maker) {
        this.making = new FutureTask<>(maker);
    }

    @Override
    public void expect() {
        if (!begun.getAndSet(true)) {
            Thread.ofVirtual().name("admin-handler").start(making);
        }
    }

    @Override
    public AdminResponse handle(AdminRequest request) throws Exception {
        expect();
        return making.get().handle(request);
    }

    /** Closes the handler if it was made and can be closed; one that is being made is awaited. */
    @Override
    public void close() throws IOException {
        if (!begun.getAndSet(true)) {
            making.cancel(false);
            return;
        }
        try {
            if (making.get() instanceof AutoCloseable handler) {
                handler.close();
            }
        } catch (ExecutionException e) {
            // It could not be made, as each request was told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("a handler of the admin server could not be closed", e);
        }
    }
}
