/**
 * Tests of the HTTP/1.1 grammar without sockets: fuzz targets whose corpora are replayed in every
 * build. Start at {@link io.weir.http.RequestHeadFuzzTest}. What happens on the wire is tested in
 * {@code io.weir.hostile} and {@code io.weir.scenario}.
 */
@NullMarked
package io.weir.http;

import org.jspecify.annotations.NullMarked;
