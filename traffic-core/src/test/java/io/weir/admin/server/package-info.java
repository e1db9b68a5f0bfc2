/** Tests of the admin server, on real sockets. */
@NullMarked
package io.weir.admin.server;

import org.jspecify.annotations.NullMarked;
