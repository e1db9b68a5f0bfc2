package io.weir.admin.server;

import io.weir.admin.AdminResponse;

/** What the server itself answers, as RFC 9457 writes problems. */
final class Refusals {

    static final AdminResponse NOT_FOUND = of(404, "there is nothing at this path");

    static final AdminResponse NOT_ITS_NAME =
            of(
                    421,
                    "the Host field is none of this machine's addresses and names; use its address,"
                            + " or add the name to global.admin.names");

    static final AdminResponse OTHER_ORIGIN =
            of(403, "the request comes from a page of another origin");

    static final AdminResponse TOO_LONG = of(413, "the body is longer than allowed here");

    static final AdminResponse TOO_SLOW = of(408, "the request did not arrive in time");

    static final AdminResponse FAILED = of(500, "Weir failed inside; its event log has the cause");

    static final AdminResponse STOPPING = of(503, "Weir is stopping");

    private Refusals() {}

    static AdminResponse of(int status, String detail) {
        return AdminResponse.problem(status, detail);
    }
}
