/**
 * The home of the REST API and the web pages for operators, both over {@code io.weir.control}.
 * There are no types here yet; start reading at {@code io.weir.control}, the façade that will
 * answer every request. Nothing here may reach traffic except through that façade, and no page may
 * do what the REST API cannot.
 */
@NullMarked
package io.weir.admin;

import org.jspecify.annotations.NullMarked;
