/**
 * What the administration is built of: handlers that other parts of Weir mount at paths of the one
 * admin server, requests that they are given, with who asks and what that caller may do, and the
 * responses that they return. Start at {@link io.weir.admin.AdminHandler}. The server itself is in
 * {@code io.weir.admin.server}, users are in {@code io.weir.admin.users}. Nothing here knows what
 * is administered: the façade is {@code io.weir.control}, which stands above this package.
 */
@NullMarked
package io.weir.admin;

import org.jspecify.annotations.NullMarked;
