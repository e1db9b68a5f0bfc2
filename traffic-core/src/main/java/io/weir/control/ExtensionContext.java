package io.weir.control;

import io.weir.admin.AdminMounts;
import io.weir.control.store.Directories;
import io.weir.event.EventBus;
import io.weir.metrics.MetricsPage;
import io.weir.time.Ticker;

/**
 * What an extension may use of a running Weir.
 *
 * @param metrics the figures of the whole process
 * @param admin places of the admin server for handlers; see {@link Author#of} for who asks
 * @param users those who may sign in there
 */
public record ExtensionContext(
        Control control,
        EventBus events,
        Ticker ticker,
        Directories directories,
        MetricsPage metrics,
        AdminMounts admin,
        Users users) {}
