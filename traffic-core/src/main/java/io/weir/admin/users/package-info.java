/**
 * Who may administer: users with their password hashes, roles and tokens, and the check of each
 * request. Start at {@link io.weir.admin.users.Accounts}; {@link io.weir.admin.users.Gatekeeper} is
 * what the admin server asks. Nothing here is ever part of the configuration or its history.
 */
@NullMarked
package io.weir.admin.users;

import org.jspecify.annotations.NullMarked;
