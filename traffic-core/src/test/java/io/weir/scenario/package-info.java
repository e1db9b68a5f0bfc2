/**
 * What a running Weir does for clients and nodes, one class per scenario, both sides scripted.
 * Start at {@link io.weir.scenario.LegalOdditiesTest}. Tests of one class of the product belong to
 * that class's package, attacks to {@code io.weir.hostile}.
 */
@NullMarked
package io.weir.scenario;

import org.jspecify.annotations.NullMarked;
