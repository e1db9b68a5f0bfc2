package io.weir.admin;

/**
 * Answers requests below one path of the admin server. Called on a virtual thread for each request,
 * so it may block; called by many threads at once. The caller has been signed in as the mount says.
 */
@FunctionalInterface
public interface AdminHandler {

    /**
     * Answers a request.
     *
     * @throws Exception when it fails inside: the client gets status 500 without the cause, an
     *     event has it
     */
    AdminResponse handle(AdminRequest request) throws Exception;

    /**
     * A request comes, of which it is not known yet who sent it: what answering takes can begin to
     * load. Called on the event loop, so it returns at once.
     */
    default void expect() {}
}
