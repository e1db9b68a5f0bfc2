/**
 * From text to {@link io.weir.config.WeirConfig} and back: YAML files with the place of every
 * value, the published schema that says what may stand in them, and every problem found at once.
 * Start at {@link io.weir.config.load.ConfigLoader}. What a configuration means to live traffic
 * does not belong here, nor does anything that watches files or keeps revisions.
 */
@NullMarked
package io.weir.config.load;

import org.jspecify.annotations.NullMarked;
