/**
 * Administrators whom somebody else knows: a directory asked over LDAP, a provider of OpenID
 * Connect. Start at {@link io.weir.signin.SignInExtension}. What they may do here is decided by
 * {@code io.weir.admin.users}; nothing here keeps a password or a token.
 */
@NullMarked
package io.weir.signin;

import org.jspecify.annotations.NullMarked;
