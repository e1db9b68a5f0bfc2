package io.weir.admin.server;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminResponse;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;

/** A handler that answers with what it was asked, and how tests mount theirs. */
final class Echo {

    static final MountOptions OPTIONS = new MountOptions(1000, SignIn.BASIC);

    static final AdminHandler ECHO =
            request ->
                    AdminResponse.text(
                            200,
                            "text/plain",
                            request.method()
                                    + " "
                                    + request.path()
                                    + " ?"
                                    + request.query()
                                    + " "
                                    + request.caller().name()
                                    + " "
                                    + request.text());

    private Echo() {}
}
