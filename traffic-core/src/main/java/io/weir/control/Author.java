package io.weir.control;

import io.weir.admin.Caller;

import java.util.Locale;

/**
 * Who asks for a change, and by which way; every change carries one into events and audit.
 *
 * @param name of the person or program
 * @param channel the way it came
 * @param from whence, such as an address or {@code pid 4711}; empty when there is nothing to say
 */
public record Author(String name, Channel channel, String from) {

    /** The way a change came. */
    public enum Channel {
        /** A configuration file changed on disk. */
        FILE,
        /** The command line, over the local socket. */
        COMMAND_LINE,
        REST,
        SOAP,
        UI,
        /** A signal of the operating system. */
        SIGNAL,
        /** Weir itself: start, expiry. */
        WEIR;

        /** The channel as written in documents: {@code command-line}. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Somebody who has signed in at the admin server. */
    public static Author of(Caller caller, Channel channel) {
        return new Author(caller.name(), channel, caller.from());
    }

    /** Weir itself. */
    public static final Author WEIR = new Author("weir", Channel.WEIR, "");

    /** The author as people read it: {@code alice (command-line, pid 4711)}. */
    @Override
    public String toString() {
        return name + " (" + channel.keyword() + (from.isEmpty() ? "" : ", " + from) + ")";
    }
}
