/** Tests of signing in at somebody else's, against a directory and a provider of their own. */
@NullMarked
package io.weir.signin;

import org.jspecify.annotations.NullMarked;
