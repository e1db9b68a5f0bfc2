package io.weir.log;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LifeCycle;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.OutputStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;

/**
 * The system log of the process: what Weir and its libraries say through SLF4J, as lines of plain
 * text on one stream. Safe for every thread.
 *
 * <p>Log4j 2 is configured in code: looking for configuration files and plug-ins takes longer than
 * the rest of the start. A thread that logs never waits for the stream.
 */
public final class SystemLog {

    private final StreamAppender appender;

    private SystemLog(StreamAppender appender) {
        this.appender = appender;
    }

    /**
     * Begins the log. To be called before anything is logged, or that is lost.
     *
     * @param level one of error, warn, info, debug, trace, off; null means info, and so does
     *     anything else, with a warning; libraries tell details only with trace
     * @param out where lines go, which stays open
     */
    public static SystemLog start(@Nullable String level, OutputStream out) {
        StreamAppender appender = new StreamAppender(out, ZoneId.systemDefault());
        String wanted = level == null ? "info" : level.strip().toLowerCase(Locale.ROOT);
        @Nullable Level known =
                switch (wanted) {
                    case "error" -> Level.ERROR;
                    case "warn" -> Level.WARN;
                    case "info", "" -> Level.INFO;
                    case "debug" -> Level.DEBUG;
                    case "trace" -> Level.TRACE;
                    case "off" -> Level.OFF;
                    default -> null;
                };
        FixedConfiguration configuration =
                new FixedConfiguration(appender, known == null ? Level.INFO : known);
        LoggerContext context =
                Configurator.initialize(SystemLog.class.getClassLoader(), configuration);
        if (context.getConfiguration() != configuration) {
            // Something was logged before; Log4j began with its own configuration then.
            context.reconfigure(configuration);
        }
        if (known == null) {
            LoggerFactory.getLogger(SystemLog.class)
                    .warn(
                            "log level \"{}\" is not known; expected one of error, warn, info,"
                                    + " debug, trace, off; info is used",
                            level);
        }
        return new SystemLog(appender);
    }

    /** Messages that were dropped because the stream was not read. */
    public long dropped() {
        return appender.dropped();
    }

    /**
     * Waits until every message so far is on the stream.
     *
     * @return false when that did not happen before the deadline
     */
    public boolean flush(Duration deadline) throws InterruptedException {
        return appender.flush(deadline);
    }

    /** One appender at one level. */
    private static final class FixedConfiguration extends AbstractConfiguration {

        private final StreamAppender appender;
        private final Level level;

        FixedConfiguration(StreamAppender appender, Level level) {
            super((@Nullable LoggerContext) null, ConfigurationSource.NULL_SOURCE);
            this.appender = appender;
            this.level = level;
            // Else Log4j asks the name service for it, which may take seconds.
            getProperties().put("hostName", "localhost");
            // The order of ending things is the launcher's, and the log comes last.
            isShutdownHookEnabled = false;
            setName("weir");
        }

        /** As the inherited method, but without looking for plug-ins. */
        @Override
        public void initialize() {
            setup();
            doConfigure();
            setState(LifeCycle.State.INITIALIZED);
        }

        @Override
        protected void doConfigure() {
            addAppender(appender);
            getRootLogger().addAppender(appender, null, null);
            // Who asks for details wants those of Weir; those of libraries come with trace.
            getRootLogger().setLevel(level.equals(Level.DEBUG) ? Level.INFO : level);
            addLogger("io.weir", new LoggerConfig("io.weir", level, true));
        }
    }
}
