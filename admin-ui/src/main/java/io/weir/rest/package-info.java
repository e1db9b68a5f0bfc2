/**
 * The REST API over {@code io.weir.control}, hung into the admin server of traffic-core. Nothing
 * here may reach traffic except through that façade.
 */
@NullMarked
package io.weir.rest;

import org.jspecify.annotations.NullMarked;
