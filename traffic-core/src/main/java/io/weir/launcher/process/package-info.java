/**
 * The life of one Weir process: how its parts are started in order, kept, and stopped. Start at
 * {@link io.weir.launcher.process.Server}. Parsing of arguments and printing for people belong to
 * {@code io.weir.launcher.command}.
 */
@NullMarked
package io.weir.launcher.process;

import org.jspecify.annotations.NullMarked;
