/** Tests of the ways to those who get alerts, with small servers at the other end. */
@NullMarked
package io.weir.alert.receiver;

import org.jspecify.annotations.NullMarked;
