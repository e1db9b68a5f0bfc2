/** Tests of the REST API over a managed store, on real sockets. */
@NullMarked
package io.weir.rest;

import org.jspecify.annotations.NullMarked;
