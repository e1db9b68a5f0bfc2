/** Tests of the command line: words in, text and exit codes out. */
@NullMarked
package io.weir.launcher.command;

import org.jspecify.annotations.NullMarked;
