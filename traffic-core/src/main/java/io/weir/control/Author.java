package io.weir.control;

import io.weir.admin.Caller;
import io.weir.admin.Permission;
import io.weir.admin.Permissions;

import java.util.Locale;

/**
 * Who asks for a change, and by which way; every change carries one into events and audit.
 *
 * @param name of the person or program
 * @param channel the way it came
 * @param from whence, such as an address or {@code pid 4711}; empty when there is nothing to say
 * @param machine whether the author is trusted with the machine: may have Weir read its files and
 *     variables and run its programs
 */
public record Author(String name, Channel channel, String from, boolean machine) {

    /** An author who is trusted with the machine when the channel is one of its own. */
    public Author(String name, Channel channel, String from) {
        this(name, channel, from, channel.isOfMachine());
    }

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

        /** Whether only those come this way who own the process or its files. */
        boolean isOfMachine() {
            return switch (this) {
                case FILE, COMMAND_LINE, SIGNAL, WEIR -> true;
                case REST, SOAP, UI -> false;
            };
        }

        /** The channel as written in documents: {@code command-line}. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Somebody who has signed in at the admin server; trusted with the machine are those who may
     * change users, and so give themselves whatever they like.
     */
    public static Author of(Caller caller, Channel channel) {
        return new Author(
                caller.name(),
                channel,
                caller.from(),
                caller.allows(Permissions.USERS, Permission.CHANGE));
    }

    /** Weir itself. */
    public static final Author WEIR = new Author("weir", Channel.WEIR, "");

    /** The author as people read it: {@code alice (command-line, pid 4711)}. */
    @Override
    public String toString() {
        return name + " (" + channel.keyword() + (from.isEmpty() ? "" : ", " + from) + ")";
    }
}
