/**
 * Service level classes: whether answers begin in time, counted by the event loops and looked at a
 * few times per second. Start at {@link io.weir.slm.ServiceLevel}. What a rule or an alert makes of
 * it is not here.
 */
@NullMarked
package io.weir.slm;

import org.jspecify.annotations.NullMarked;
