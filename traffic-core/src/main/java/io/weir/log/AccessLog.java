package io.weir.log;

/** The access log of one virtual server. Safe for every thread; logging never blocks. */
public interface AccessLog {

    /** The log of a virtual server that does not keep one. */
    AccessLog OFF = record -> {};

    /**
     * Logs a finished exchange. The record is read during the call and not kept. A line that there
     * is no room for is dropped and counted.
     */
    void log(LogRecord record);
}
