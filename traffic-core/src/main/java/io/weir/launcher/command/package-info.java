/**
 * The command line: one class for each subcommand of {@code weir}, and how answers are printed.
 * Start at {@link io.weir.launcher.command.CommandTree}. What a command does to a running Weir is
 * done by {@code io.weir.control} at the other end of the control socket, not here.
 */
@NullMarked
package io.weir.launcher.command;

import org.jspecify.annotations.NullMarked;
