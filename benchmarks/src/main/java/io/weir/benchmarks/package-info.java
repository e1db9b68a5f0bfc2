/**
 * JMH benchmarks of single steps on the way of a request. Start at {@link
 * io.weir.benchmarks.HeadParsing}; {@code benchmarks/README.md} says how to run them. How fast Weir
 * is as a whole is not measured here but by {@code benchmarks/compare}.
 */
@NullMarked
package io.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
