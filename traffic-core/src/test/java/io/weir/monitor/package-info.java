/**
 * Tests of monitors. Start at {@code MonitorsTest} for what results add up to and {@code
 * HttpCheckTest} for a check against scripted nodes. What pools make of verdicts is not tested
 * here.
 */
@NullMarked
package io.weir.monitor;

import org.jspecify.annotations.NullMarked;
