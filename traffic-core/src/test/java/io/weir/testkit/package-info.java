/**
 * What tests need to stand on both sides of a running Weir: byte-level clients, scripted nodes,
 * strict readers that share no code with the product, corpora of messages, and a JUnit extension
 * that starts Weir in the test's own process. Start at {@link io.weir.testkit.WeirExtension}, then
 * {@link io.weir.testkit.RawClient} and {@link io.weir.testkit.FakeNode}. No test and no
 * expectation about one feature belongs here, and nothing here may use the product's own codec.
 */
@NullMarked
package io.weir.testkit;

import org.jspecify.annotations.NullMarked;
