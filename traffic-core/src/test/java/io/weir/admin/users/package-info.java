/** Tests of users and of the check of requests. */
@NullMarked
package io.weir.admin.users;

import org.jspecify.annotations.NullMarked;
