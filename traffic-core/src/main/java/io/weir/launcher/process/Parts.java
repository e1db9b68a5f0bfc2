package io.weir.launcher.process;

import io.weir.control.Control;
import io.weir.control.DataPlaneStarter;
import io.weir.control.store.Directories;
import io.weir.event.EventBus;
import io.weir.metrics.MetricsPage;
import io.weir.time.Ticker;

/**
 * What a running Weir is made of besides its control side: data plane, events, logs, figures. Made
 * once per process. Confined to the thread that runs the {@link Server}.
 */
public interface Parts extends DataPlaneStarter, AutoCloseable {

    /** Carries events from before the data plane starts until after it has stopped. */
    EventBus events();

    /** The clocks. */
    Ticker ticker();

    /** The figures of everything that was started. */
    MetricsPage metrics();

    /** Starts what traffic need not wait for, and follows the configuration from now on. */
    void complete(Control control);

    /** Does what is due. Called about once a second, once all is started. */
    default void tick() {}

    /** Ends everything in a bounded time, with what is still to be written. */
    @Override
    void close();

    /** Makes the parts of a process. */
    @FunctionalInterface
    interface Factory {

        /** Makes parts that keep their files in {@code directories}, which exist. */
        Parts make(Directories directories);
    }
}
