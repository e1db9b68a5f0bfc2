package io.weir.control;

import io.weir.control.store.Directories;
import io.weir.event.EventBus;
import io.weir.time.Ticker;

/** What an extension may use of a running Weir. */
public record ExtensionContext(
        Control control, EventBus events, Ticker ticker, Directories directories) {}
