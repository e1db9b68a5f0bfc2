package io.weir.soap.call;

import io.weir.control.Control;
import io.weir.control.NamedBackups;
import io.weir.control.Users;
import io.weir.control.store.Directories;
import io.weir.event.EventBus;
import io.weir.metrics.MetricsPage;
import io.weir.time.Ticker;

/** What operations may use of a running Weir. */
public record Services(
        Control control,
        EventBus events,
        Ticker ticker,
        Directories directories,
        MetricsPage metrics,
        Users users,
        NamedBackups backups) {}
