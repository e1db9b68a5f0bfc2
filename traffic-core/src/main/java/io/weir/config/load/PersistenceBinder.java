package io.weir.config.load;

import io.weir.config.PersistenceConfig;
import io.weir.config.PersistenceConfig.FailureMode;
import io.weir.config.PersistenceConfig.Type;

/** Makes persistence classes; see {@link Binder}. */
final class PersistenceBinder {

    private PersistenceBinder() {}

    static PersistenceConfig persistence(String name, Section s) {
        return new PersistenceConfig(
                name,
                s.choice("type", Type.class),
                s.textOrNull("cookie"),
                s.choice("failure-mode", FailureMode.class),
                s.textOrNull("url"),
                s.flag("delete"),
                s.count("subnet-prefix-v4"),
                s.count("subnet-prefix-v6"),
                s.flag("always-set-cookie"),
                s.textOrNull("directives"),
                s.count("max-entries"),
                s.time("session-timeout"),
                s.textOrNull("note"));
    }
}
