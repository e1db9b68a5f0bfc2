/** Tests of certificates, with {@code openssl} as the other opinion. */
@NullMarked
package io.weir.cert;

import org.jspecify.annotations.NullMarked;
